// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.ThreadStackEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all threads at once: their states, who waits for whom, and, within the budget, why.
 *
 * <p>Platform threads are read without stacks. A stack is taken once for a wait, to tell idle from held up; what it says
 * holds until the thread moves to another wait.
 */
final class Snapshot {
    /** Rows of one snapshot; the rest is counted as dropped. */
    static final int ROWS = 1000;

    /** Idle rows of one snapshot: they answer no question but "what does it wait for". */
    private static final int IDLE_ROWS = 100;

    /** Snapshots between two that repeat every thread's name. */
    private static final int NAMES_EVERY = 60;

    /** Share of the stack budget that snapshots leave to owners' stacks. */
    private static final double RESERVE = 0.2;

    /** The same, where the stack is that of a thread which runs: what waits comes first. */
    private static final double RESERVE_OF_RUNNING = 0.5;

    /** Snapshots until a thread that runs, and was not found in Thread.yield, is looked at again. */
    private static final int LOOK_AGAIN = 5;

    /** Nanoseconds after which a wait that goes on is told again. */
    static final long TELL_AGAIN = 60_000_000_000L;

    /** RUNNABLE threads whose CPU clocks are read, for class initialisation and spinning: a few microseconds each. */
    private static final int CLOCKS = 64;

    private final ThreadAccess access;
    private final ThreadProbe probe;
    private final OwnThreads own;
    private final StackBudget budget;
    private final OwnerStacks owners;
    private final WaitReader reader;
    private final Missing missing;
    private final VirtualThreads virtual;
    private final SuspectedPools pools;
    private final WaitBook book = new WaitBook();
    private final Takers takers;
    private final InitialiserWaits initialisers;
    private long number;
    private long dropped;
    /** What was told before this moment is told again: who reads now was not there. */
    private long readerSince = System.nanoTime();

    private boolean namesAnew;

    Snapshot(
            ThreadAccess access,
            ThreadProbe probe,
            OwnThreads own,
            StackBudget budget,
            OwnerStacks owners,
            LoadedClasses classes,
            Faults faults) {
        this.access = access;
        this.probe = probe;
        this.own = own;
        this.budget = budget;
        this.owners = owners;
        reader = new WaitReader(faults);
        missing = new Missing(faults);
        takers = new Takers();
        initialisers = new InitialiserWaits(access, classes);
        pools = new SuspectedPools(access, budget);
        virtual = new VirtualThreads(reader, access, budget, faults);
    }

    /** Takes one and sends it; returns its number. */
    synchronized long take(FactSink sink) throws Throwable {
        long now = System.nanoTime();
        number++;
        owners.nextSnapshot();
        View view = look();
        StateLetters letters = new StateLetters();
        List<Edge> edges = new ArrayList<>();
        ClassInit.Standing standing = new ClassInit.Standing();
        int clocks = 0;
        for (int i = 0; i < view.threads.length; i++) {
            ThreadProbe.Seen seen = view.seen[i];
            if (seen == null) {
                continue;
            }
            Thread thread = view.threads[i];
            WaitBook.Entry entry = book.see(view.ids[i], seen, seen.lockId(), number, now);
            boolean runs = seen.state() == Thread.State.RUNNABLE;
            boolean outside = entry.verdict == Verdict.IDLE || entry.verdict == Verdict.IO;
            if (runs && !outside && clocks < CLOCKS && entry.unchanged) {
                clocks++;
                clock(view, i, entry, standing, sink, now);
            }
            char letter = runs ? running(thread, seen, entry, now) : waiting(view, i, entry, edges, sink, now);
            letters.state(view.ids[i], letter);
            pools.see(thread, letter, now);
            name(letters, view.ids[i], thread, entry);
        }
        namesAnew = false;
        book.prune(number);
        edges.removeIf(edge -> edge.lockClass().startsWith("jdk.jfr.internal."));
        initialising(standing, edges, sink, now);
        edges.addAll(virtual.scan(view.threads, sink, now));
        send(shareOwners(edges), sink, now);
        letters.send(number, virtual.count(), sink);
        pools.send(sink, now);
        return number;
    }

    /** Looks whether a thread that seems to run has used a core since the last time. */
    private void clock(View view, int i, WaitBook.Entry entry, ClassInit.Standing standing, FactSink sink, long now)
            throws Throwable {
        Thread thread = view.threads[i];
        ThreadProbe.Seen seen = view.seen[i];
        entry.readClock(probe.cpuNanos(view.ids[i]));
        tellIfYields(thread, entry, sink, now);
        boolean still = seen != null && entry.still >= 2;
        if (still && (seen.inNative() || budget.take(now, RESERVE))) {
            StackTraceElement[] frames = seen.inNative() ? ClassInit.NO_FRAMES : access.stack(thread);
            standing.add(new ClassInit.Stuck(thread, entry.moves(), entry.since(), frames), seen.inNative());
        }
    }

    private void initialising(ClassInit.Standing standing, List<Edge> edges, FactSink sink, long now) throws Throwable {
        List<Edge> cycle = ClassInit.edges(standing.stuck());
        if (cycle.isEmpty() && virtual.count() == 0) {
            cycle = initialisers.edges(standing, edges, now);
        }
        edges.addAll(cycle);
        for (ClassInit.Stuck each : cycle.isEmpty() ? ClassInit.standing(standing.stuck()) : standing.stuck()) {
            String reason = cycle.isEmpty() ? "stands" : "waiter";
            tell(sink, each.thread(), reason, WaitReader.Subject.NONE, Thread.State.RUNNABLE, each.frames());
        }
    }

    /** Somebody new reads: names, and stacks of those held up, are told again. */
    synchronized void tellAgain() {
        readerSince = System.nanoTime();
        virtual.tellAgain(readerSince);
        namesAnew = true;
    }

    /** Tells what there is to tell of virtual threads without another look at them. */
    synchronized void shareBlocked(FactSink sink, long now) {
        virtual.share(sink, now);
    }

    /** Looks after the virtual threads between snapshots; returns in how many nanoseconds it wants to again. */
    synchronized long countBlocked(long now) {
        return virtual.count(now);
    }

    /** Rows left out since the last call. */
    long takeDropped() {
        long taken = dropped + virtual.takeDropped();
        dropped = 0;
        return taken;
    }

    /** The threads of one snapshot; arrays run in parallel. */
    private static final class View {
        private final Thread[] threads;
        private final long[] ids;
        private final ThreadProbe.@Nullable Seen[] seen;
        private final Map<Long, Thread> byId = new HashMap<>();
        private @Nullable Thread @Nullable [] parked;

        View(Thread[] threads, long[] ids, ThreadProbe.@Nullable Seen[] seen) {
            this.threads = threads;
            this.ids = ids;
            this.seen = seen;
            for (int i = 0; i < ids.length; i++) {
                byId.put(ids[i], threads[i]);
            }
        }

        /** Threads that stand still; null where one does not. */
        @Nullable
        Thread[] parked() {
            if (parked == null) {
                parked = new Thread[threads.length];
                for (int i = 0; i < threads.length; i++) {
                    ThreadProbe.Seen each = seen[i];
                    parked[i] = each == null || each.state() == Thread.State.RUNNABLE ? null : threads[i];
                }
            }
            return parked;
        }

        /** The live thread that is this object, for {@code Thread.join}; null if the object is none. */
        @Nullable
        Thread joined(long identity) {
            for (Thread thread : threads) {
                if (System.identityHashCode(thread) == identity) {
                    return thread;
                }
            }
            return null;
        }
    }

    private View look() throws Throwable {
        List<Thread> threads = new ArrayList<>();
        for (Thread thread : access.platformThreads()) {
            if (!own.isObserver(thread)) {
                threads.add(thread);
            }
        }
        Thread[] array = threads.toArray(new Thread[0]);
        long[] ids = new long[array.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = access.id(array[i]);
        }
        return new View(array, ids, probe.look(ids, array));
    }

    private char running(Thread thread, ThreadProbe.Seen seen, WaitBook.Entry entry, long now) throws Throwable {
        if (!seen.inNative()) {
            entry.verdict = Verdict.UNKNOWN;
            return 'R';
        }
        if (entry.verdict == Verdict.UNKNOWN && entry.unchanged && budget.take(now, RESERVE)) {
            entry.verdict(IdleRule.verdict(access.stack(thread), Thread.State.RUNNABLE), 0, now);
        }
        return switch (entry.verdict) {
            case IDLE -> 'W';
            case IO -> 'I';
            case UNKNOWN, HELD, SLEEP, NATIVE -> 'R';
        };
    }

    private char waiting(View view, int i, WaitBook.Entry entry, List<Edge> edges, FactSink sink, long now)
            throws Throwable {
        ThreadProbe.Seen seen = view.seen[i];
        if (seen == null || seen.state() == Thread.State.TERMINATED || seen.state() == Thread.State.NEW) {
            return 'C';
        }
        Thread thread = view.threads[i];
        WaitReader.Subject subject = reader.subject(thread, seen, entry);
        Thread owner = view.byId.get(seen.ownerId());
        judge(thread, seen, subject, entry, sink, now);
        takers.tell(thread, seen, subject, entry, readerSince, sink, now);
        subject = entry.putter ? subject.toPut() : subject;
        if (seen.state() != Thread.State.BLOCKED) {
            owner = reader.owner(subject, thread, view.parked());
            if (owner == null && subject.kind().equals("object-wait")) {
                owner = view.joined(subject.lockId());
                subject = owner == null
                        ? subject
                        : new WaitReader.Subject("join", subject.lockClass(), subject.lockId(), null, false);
            }
        }
        boolean lasting =
                seen.state() == Thread.State.BLOCKED || entry.unchanged; // the hooks ask for owners of short waits
        if (lasting && owner != null && owner == view.byId.get(seen.ownerId())) {
            owners.standing(owner, subject, view.ids[i], thread, seen, sink, now);
        }
        boolean idle = subject.isForWork(entry.verdict);
        if (entry.verdict == Verdict.SLEEP) {
            return 'S';
        }
        if (subject.isNothing() && entry.verdict != Verdict.HELD && !idle) {
            return 'C'; // asleep or parked, not known which: no row rather than a wrong one
        }
        edges.add(new Edge(
                thread,
                seen.moves(),
                subject.kind(),
                subject.lockClass(),
                subject.lockId(),
                owner,
                entry.since(),
                idle,
                1,
                lasting ? missing.of(subject) : Missing.UNKNOWN));
        return seen.state() == Thread.State.BLOCKED ? 'B' : idle ? 'W' : subject.isLock() ? 'L' : 'C';
    }

    /**
     * Takes a stack if the wait has none yet and there is budget; one of a thread held up or asleep is a fact of its own. It is told
     * again each minute, because who reads may have forgotten it.
     */
    private void judge(
            Thread thread,
            ThreadProbe.Seen seen,
            WaitReader.Subject subject,
            WaitBook.Entry entry,
            FactSink sink,
            long now)
            throws Throwable {
        boolean blocked = seen.state() == Thread.State.BLOCKED;
        boolean worthIt = entry.unchanged || (subject.isNothing() && !blocked);
        boolean told = entry.verdict != Verdict.UNKNOWN
                && !(isTold(entry.verdict)
                        && (entry.judgedBefore(now - TELL_AGAIN) || entry.judgedBefore(readerSince)));
        if (told || subject.queue() || !worthIt || !budget.take(now, RESERVE)) {
            return;
        }
        StackTraceElement[] frames = access.stack(thread);
        Takers.note(subject, entry, frames);
        entry.putter =
                subject.isElement() && IdleRule.puts(frames); // at a hand-off both sides wait for the same object
        Verdict verdict = entry.putter ? Verdict.HELD : subject.verdict(frames, seen.state());
        if (verdict == Verdict.HELD && subject.isNothing() && !blocked && IdleRule.isParkedForSomething(frames)) {
            return; // where it stood before, nobody knows
        }
        entry.verdict(verdict, seen.lockId(), now);
        if (isTold(entry.verdict)) {
            String reason = entry.verdict == Verdict.HELD ? "waiter" : "asleep";
            tell(sink, thread, reason, entry.putter ? subject.toPut() : subject, seen.state(), frames);
        }
    }

    /** Who sleeps may be the one whom others wait for. */
    private static boolean isTold(Verdict verdict) {
        return verdict == Verdict.HELD || verdict == Verdict.SLEEP;
    }

    static void tell(
            FactSink sink,
            Thread thread,
            String reason,
            WaitReader.Subject subject,
            Thread.State state,
            StackTraceElement[] frames) {
        sink.put(new Row(ThreadStackEvent.NAME)
                .put("thread", thread)
                .put("reason", reason)
                .put("lockClassName", subject.lockClass())
                .put("lockId", subject.lockId())
                .put("state", state.name())
                .put("stack", StackText.of(frames)));
    }

    /** JFR takes no samples in Thread.yield: one that has run since the last snapshot without a wait is looked at. */
    private void tellIfYields(Thread thread, WaitBook.Entry entry, FactSink sink, long now) throws Throwable {
        boolean ran = entry.cpu > 0 && entry.still == 0;
        if (!ran || number < entry.lookAgain || !budget.take(now, RESERVE_OF_RUNNING)) {
            return;
        }
        StackTraceElement[] frames = access.stack(thread);
        if (IdleRule.yields(frames)) {
            tell(sink, thread, "yields", WaitReader.Subject.NONE, Thread.State.RUNNABLE, frames);
        } else {
            entry.lookAgain = number + LOOK_AGAIN;
        }
    }

    private void name(StateLetters letters, long id, Thread thread, WaitBook.Entry entry) {
        if (!entry.named || namesAnew || number % NAMES_EVERY == 1) {
            entry.named = true;
            letters.name(id, Redaction.of(thread.getName()));
        }
    }

    /** Who waits may know the owner of a monitor for which another waiter could not be told it: a virtual thread. */
    private static List<Edge> shareOwners(List<Edge> edges) {
        Map<Long, Thread> owners = new HashMap<>();
        for (Edge edge : edges) {
            if (edge.owner() != null && edge.kind().equals("monitor")) {
                owners.put(edge.lockId(), edge.owner());
            }
        }
        List<Edge> shared = new ArrayList<>(edges.size());
        for (Edge edge : edges) {
            Thread owner = owners.get(edge.lockId());
            boolean lacks = edge.owner() == null && edge.kind().equals("monitor");
            shared.add(lacks && owner != null && owner != edge.waiter() ? edge.ownedBy(owner) : edge);
        }
        return shared;
    }

    private void send(List<Edge> edges, FactSink sink, long now) {
        edges.sort(Comparator.comparingInt(Edge::rank));
        int idle = 0;
        int sent = 0;
        for (Edge edge : edges) {
            idle += edge.idle() ? 1 : 0;
            if (sent == ROWS || idle > IDLE_ROWS) {
                break;
            }
            sink.put(edge.row(number, now));
            sent++;
        }
        dropped += edges.stream().skip(sent).filter(edge -> !edge.idle()).count();
    }
}
