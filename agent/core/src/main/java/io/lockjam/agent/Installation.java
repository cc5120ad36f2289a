// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import io.lockjam.control.AgentState;
import io.lockjam.control.Connection;
import io.lockjam.control.Hello;
import io.lockjam.control.Verb;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.event.AgentStatusEvent;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything of ours that is in this JVM, and how it is undone. Can be put in again as often as one likes. */
final class Installation {
    /** Single waits a second that are committed with their stacks: 3 to 10 µs each under load. */
    private static final int EVENTS = 100;

    private static final int DEEP_EVENTS = 500;

    private final AgentConfig config;
    private final OwnThreads threads;
    private final Faults faults;
    private final Weaving weaving;
    private final Races races;
    private final QueueSearch queues;
    private final LoadedClasses classes;
    private final ThreadAccess access = new ThreadAccess();
    private final StackBudget budget = new StackBudget(System.nanoTime());
    private final RecordingGuard guard = new RecordingGuard();
    private final HookCheck hookCheck = new HookCheck();
    private ThreadProbe probe;
    private @Nullable Sinks sinks;
    private @Nullable Ticker ticker;
    private @Nullable SessionFolder session;
    private @Nullable ExitHook exit;
    private boolean records; // by itself, with -javaagent
    private @Nullable Companion companion;
    private volatile @Nullable Connection connection;
    private volatile boolean deep;
    private boolean events;
    private boolean tested;
    private int waits;
    private int stacks = StackBudget.of(false);

    Installation(Instrumentation instrumentation, AgentConfig config, OwnThreads threads, Faults faults)
            throws ReflectiveOperationException {
        this.config = config;
        this.threads = threads;
        this.faults = faults;
        deep = config.deep();
        weaving = new Weaving(instrumentation, faults);
        races = new Races(instrumentation, this, faults);
        queues = new QueueSearch(instrumentation, faults);
        classes = new LoadedClasses(instrumentation);
        probe = new PlainThreads(access, faults);
    }

    /** Makes the hooks ready; they stay off. */
    void hooks(boolean withEvents) {
        String missing = Hooks.install();
        if (!missing.isEmpty()) {
            faults.caught("hooks", new NoSuchFieldException(missing));
        }
        budgets(deep ? DEEP_EVENTS : EVENTS, StackBudget.of(deep));
        Hooks.redaction(Redaction::of);
        Hooks.preload(withEvents);
    }

    /** After the first weaving: switches the hooks on if they are seen to work. Returns why not, or an empty text. */
    String test(WeaveOutcome woven) throws InterruptedException {
        if (tested || (woven.done().isEmpty() && weaving.woven().isEmpty())) {
            return tested ? "" : "no class could be woven" + (woven.failed().isEmpty() ? "" : ", " + woven.failed());
        }
        Hooks.enable(true);
        String problem = SelfTest.run(threads);
        tested = problem.isEmpty();
        if (!tested) {
            Hooks.enable(false);
        }
        return problem;
    }

    /** Notes which hooks another agent has removed; the agent's own thread puts them in again. On the ticker's thread. */
    void checkHooks() throws InterruptedException {
        if (Hooks.enabled()) {
            weaving.check(hookCheck, Hooks::enabled);
        }
    }

    /** Starts what needs more than java.base, if this JVM has it: not before main. */
    void begin(boolean withEvents) throws Throwable {
        openSinks(withEvents);
        if (Openings.module("java.management").isPresent()) {
            ManagedThreads managed = new ManagedThreads();
            Hooks.cpuClock(managed.cpuClock());
            probe = managed;
        }
        OwnerStacks owners = new OwnerStacks(access, probe, threads, budget);
        Snapshot snapshot = new Snapshot(access, probe, threads, budget, owners, classes, faults);
        Ticker clock = new Ticker(this, snapshot, owners, poolFinder());
        ticker = clock;
        clock.start();
        try {
            session = SessionFolder.open(config.session());
            session.enter(LockjamAgent.version());
        } catch (IOException | UnsupportedOperationException noFolder) {
            faults.caught("session folder", noFolder); // works on without: cannot be called again
        }
    }

    /** Opens the way for facts; may be called before {@link #begin}. */
    void openSinks(boolean withEvents) {
        events = withEvents;
        if (sinks == null) {
            sinks = new Sinks(events, config.memoryOnly(), () -> connection, access, faults);
        }
    }

    private @Nullable PoolFinder poolFinder() {
        try {
            return new PoolFinder(access);
        } catch (ReflectiveOperationException | RuntimeException otherJdk) {
            faults.caught("pools", otherJdk);
            return null;
        }
    }

    /** Starts what an agent on the command line does by itself. */
    void beginInside(boolean withEvents) throws Exception {
        record(withEvents);
        if (config.servePort() >= 0) {
            companion = Companion.start(config, threads);
        } else if (config.races().equals(List.of("auto")) && !deep) {
            Console.say(
                    "races: auto needs a lockjam process, started with serve=PORT; name classes, such as com.acme.*");
        }
        if (session != null) {
            exit = ExitHook.add(session, threads);
        }
        ticker().active(true);
    }

    /** Starts the agent's own recording, once. */
    void record(boolean withEvents) throws Exception {
        if (!records && withEvents && guard.mayStart()) {
            String file = config.recordFile();
            try {
                OurRecording.start(deep, file == null ? null : new File(file).getAbsoluteFile());
                records = true;
            } catch (IOException unwritable) {
                Console.say("no recording, its file cannot be written: " + unwritable.getMessage());
            } catch (IllegalStateException noPlace) { // for its repository
                Console.say("no recording: " + noPlace.getMessage());
            }
        } else if (config.recordFile() != null && !withEvents) {
            Console.say("record: this JVM has no Flight Recorder");
        }
    }

    /**
     * Takes everything out; returns which classes have their original bytes again. May be called again.
     *
     * @throws OutOfMemoryError if something could not be undone for want of heap (or, as NoNextFileException, of a file); the hooks are off
     */
    WeaveOutcome undo() {
        Hooks.enable(false);
        OutOfMemoryError full = null;
        NoNextFileException crowded = null;
        for (Part each : PARTS) {
            try {
                undo(each);
            } catch (Throwable fault) { // a boundary: one part does not keep the others in
                faults.caught("undo", fault);
                full = fault instanceof OutOfMemoryError noRoom ? noRoom : full;
                crowded = fault instanceof NoNextFileException noFile ? noFile : crowded;
            }
        }
        WeaveOutcome outcome = weaving.end();
        if (full != null) {
            throw full;
        }
        if (crowded != null) {
            throw crowded;
        }
        if (session != null) {
            session.leave();
        }
        Hooks.clear();
        return outcome;
    }

    /** Undone in this order, before the classes. */
    private enum Part {
        RACES,
        QUEUES,
        TICKER,
        RECORDINGS,
        COMPANION,
        EXIT
    }

    private static final Part[] PARTS = Part.values();

    private void undo(Part part) {
        switch (part) {
            case RACES -> races.close();
            case QUEUES -> queues.end();
            case TICKER -> {
                if (ticker != null) {
                    ticker.stop();
                }
            }
            case RECORDINGS -> {
                if (records) {
                    OurRecording.finish();
                }
                discardRecording();
            }
            case COMPANION -> {
                if (companion != null) {
                    companion.close();
                }
            }
            case EXIT -> {
                if (exit != null) {
                    exit.remove();
                }
            }
        }
    }

    /** Silences everything at once, or wakes it. */
    void listened(boolean wanted) {
        Hooks.enable(wanted && tested);
        ticker().active(wanted);
        if (!wanted) {
            races.silence();
        }
    }

    /** The lockjam process is gone: its windows end, and what it turned is as the command line has it. */
    void forsaken() {
        races.abandon();
        queues.end();
        deep = config.deep();
        sinks().memoryOnly(config.memoryOnly());
        ticker().snapshots(true);
        budgets(EVENTS, StackBudget.of(false));
    }

    /** Discards the recording that a lockjam process has started and nobody reads any more. */
    void discardRecording() {
        if (events) {
            OurRecording.discard(OurRecording.NAME);
        }
    }

    /** Ends the recording in time before it does harm; without one, facts go over the connection. */
    void guardRecording() throws IOException {
        Connection to = connection;
        if (!events || !guard.check(to != null)) {
            return;
        }
        sinks().memoryOnly(true);
        if (to != null) {
            to.send(Verb.FAULT, Commands.text(guard.ended()));
        }
    }

    Hello hello(String token, boolean again, boolean kept) {
        return new Hello(
                Hello.PROTOCOL,
                token,
                LockjamAgent.version(),
                ProcessHandle.current().pid(),
                System.getProperty("java.vm.version", ""),
                depth(),
                again,
                kept,
                config.connect() == null,
                tested,
                RecordingGuard.repository());
    }

    AgentState state() {
        return new AgentState(
                Hooks.enabled(),
                depth(),
                weaving.woven(),
                faults.count(),
                faults.last(),
                ownCpuNanos(),
                RecordingGuard.repository(),
                events && OurRecording.running(OurRecording.NAME),
                guard.stopped());
    }

    /** What a status says of this JVM, for a program that ends before the first one. */
    Row identity() {
        return new Row(AgentStatusEvent.NAME)
                .put("depth", depth())
                .put("version", LockjamAgent.version())
                .put("pid", ProcessHandle.current().pid())
                .put("mainClass", MainClass.name())
                .put("jdk", System.getProperty("java.version", ""))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("ownThreads", threads.ids());
    }

    /** CPU of our own threads so far; 0 if it cannot be told. */
    long ownCpuNanos() {
        long sum = 0;
        for (Thread each : threads.all()) {
            sum += Math.max(0, probe.cpuNanos(each.getId()));
        }
        return sum;
    }

    String depth() {
        return deep ? "deep" : "light";
    }

    void deep(boolean wanted) {
        deep = wanted;
        budgets(deep ? DEEP_EVENTS : EVENTS, StackBudget.of(deep));
    }

    void connection(@Nullable Connection to) {
        connection = to;
    }

    Ticker ticker() {
        return there(ticker);
    }

    Sinks sinks() {
        return there(sinks);
    }

    @Nullable
    SessionFolder session() {
        return session;
    }

    Weaving weaving() {
        return weaving;
    }

    Races races() {
        return races;
    }

    QueueSearch queues() {
        return queues;
    }

    /** Whether single events may go into a recording. */
    boolean events() {
        return events && !config.memoryOnly();
    }

    ThreadAccess access() {
        return access;
    }

    OwnThreads threads() {
        return threads;
    }

    Faults faults() {
        return faults;
    }

    ThreadProbe probe() {
        return probe;
    }

    LoadedClasses classes() {
        return classes;
    }

    /** Sets how many waits are committed with their stacks, and how many stacks of others are taken; -1 leaves one as it is. */
    void budgets(int newEvents, int newStacks) {
        waits = newEvents < 0 ? waits : newEvents;
        stacks = newStacks < 0 ? stacks : newStacks;
        budget.perSecond(stacks);
        Hooks.budgets(waits, stacks);
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not begun");
        }
        return part;
    }
}
