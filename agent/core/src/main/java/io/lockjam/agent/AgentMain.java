// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import io.lockjam.control.WeaveOutcome;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One stay of the agent in this JVM, from its start to its undoing, on the thread "Lockjam Agent". */
final class AgentMain {
    /** How long a JVM whose launcher does not tell is taken to need for reaching main. */
    private static final long MAIN_MILLIS = 5_000;

    private static final int UNDO_TRIES = 20;
    private static final long UNDO_PAUSE_NANOS = 250_000_000;

    private final Instrumentation instrumentation;
    private final Faults faults = new Faults();
    private final OwnThreads threads = new OwnThreads(faults);
    private volatile AgentConfig config;
    private volatile @Nullable Thread thread;
    private volatile @Nullable AgentConfig redial;
    private boolean ended;

    AgentMain(Instrumentation instrumentation, AgentConfig config) {
        this.instrumentation = instrumentation;
        this.config = config;
    }

    /** With -javaagent: the hooks go in before main, all else waits until main has begun. */
    void startBeforeMain() throws Throwable {
        boolean probes = config.probesAtLoad();
        boolean events = Preparation.prepare(instrumentation, probes);
        try {
            Installation in = new Installation(instrumentation, config, threads, faults);
            orUndo(in, () -> start(in, events, probes));
        } catch (Throwable fault) {
            LockjamAgent.ended(this);
            throw fault;
        }
    }

    private void start(Installation in, boolean events, boolean probes) throws Throwable {
        in.hooks(events);
        InsideWeaver weaver = new InsideWeaver();
        WeaveOutcome outcome = in.weaving().weave(weaver.types(), weaver);
        String problem = in.test(outcome);
        if (!problem.isEmpty()) {
            throw new IllegalStateException(problem);
        }
        if (probes) {
            probe(in, events);
        }
        thread = threads.start("Agent", () -> run(() -> orUndo(in, () -> afterMain(in))));
    }

    /** A program can be over in a moment: its classes have probes, and races somewhere to go, before it begins. */
    private void probe(Installation in, boolean events) throws Exception {
        in.openSinks(events);
        in.record(events);
        in.sinks().current().put(in.identity());
        in.races().stand(config.races(), config.predicts(), false);
    }

    /** Attached: everything happens on a thread of our own. */
    void startAttached() {
        Thread agent = threads.create("Agent", () -> run(this::attached));
        thread = agent;
        agent.start();
    }

    /** Has the running agent call another lockjam process; false if it has just ended. */
    synchronized boolean redial(AgentConfig wanted) {
        if (ended) {
            return false;
        }
        if (wanted.connect() == null) {
            Console.say("the agent is in already");
            return true;
        }
        redial = wanted;
        LockSupport.unpark(thread);
        return true;
    }

    @Nullable
    AgentConfig redialWanted() {
        return redial;
    }

    @Nullable
    synchronized AgentConfig takeRedial() {
        AgentConfig taken = redial;
        redial = null;
        return taken;
    }

    AgentConfig config() {
        return config;
    }

    private interface Stay {
        void run() throws Throwable;
    }

    private void run(Stay stay) {
        try {
            stay.run();
        } catch (Throwable fault) { // a boundary: the application goes on
            Console.say("the agent has ended: " + fault);
            LastWords.leave(config.session(), fault);
        } finally {
            left();
        }
    }

    /** Everything is undone: who wants the agent from now on gets another. */
    void left() {
        AgentConfig wanted;
        synchronized (this) {
            ended = true;
            wanted = takeRedial();
        }
        LockjamAgent.ended(this);
        if (wanted != null) { // asked for while it was leaving
            LockjamAgent.startAttached(wanted);
        }
    }

    private void attached() throws Throwable {
        boolean events = Preparation.prepare(instrumentation, !config.memoryOnly());
        Hooks.ignore(Thread.currentThread());
        Installation in = new Installation(instrumentation, config, threads, faults);
        in.hooks(events);
        orUndo(in, () -> {
            in.begin(events);
            new ControlLoop(this, in, config.keep()).run();
        });
    }

    /** Never half in. */
    private static void orUndo(Installation in, Stay stay) throws Throwable {
        try {
            stay.run();
        } catch (Throwable fault) { // told at the boundary
            undo(in);
            throw fault;
        }
    }

    /** Again and again while there is no room, within reason: it may be before main. */
    private static void undo(Installation in) {
        for (int tries = 1; tries <= UNDO_TRIES; tries++) {
            try {
                in.undo();
                return;
            } catch (OutOfMemoryError | NoNextFileException full) {
                OwnThreads.rest(UNDO_PAUSE_NANOS);
            }
        }
    }

    private void afterMain(Installation in) throws Throwable {
        awaitMain();
        boolean before = Openings.inBootLayer("jdk.jfr");
        boolean events = Preparation.prepare(instrumentation, true);
        if (events && !before) {
            Hooks.preload(true);
        }
        in.begin(events);
        in.beginInside(events);
        new ControlLoop(this, in, true).run();
    }

    /** Returns when the launcher has loaded the main class: from then on it is the application that loads classes. */
    private static void awaitMain() throws Throwable {
        Class<?> launcher = Class.forName("sun.launcher.LauncherHelper");
        MethodHandle main =
                MethodHandles.lookup().findStatic(launcher, "getApplicationClass", MethodType.methodType(Class.class));
        long deadline = System.nanoTime() + MAIN_MILLIS * 1_000_000;
        while (main.invoke() == null && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        Thread.sleep(20); // main itself is called a moment after its class is known
    }
}
