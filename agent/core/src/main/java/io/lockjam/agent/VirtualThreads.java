// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.ThreadStackEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads' part of a snapshot, within a time budget whatever their number: folded by what they wait for.
 *
 * <p>A million of them cannot be visited each second. Each scan goes on where the last one stopped, and a row's weight is
 * scaled to all of them. Park blockers are read without a handshake; what a thread blocked on a monitor waits for takes
 * one (25 and later), so those are sampled.
 */
final class VirtualThreads {
    /** Visited in one scan whatever it takes: fewer do not stand for all, and the clock also counts time without a core. */
    private static final long LEAST = 5_000;

    /** Time of one scan: 0.2 % of a second. */
    private static final long SCAN_NANOS = 2_000_000;

    /** Threads remembered in a scan that may own a monitor. */
    private static final int CANDIDATES = 200;

    /** Waiters of read-write locks whose mode is looked up in one scan: each walks the lock's queue. */
    private static final int QUEUES_READ = 50;

    private static final double RESERVE = 0.2;

    private static final @Nullable Thread[] NOBODY = new Thread[0];

    private final WaitReader reader;
    private final ThreadAccess access;
    private final StackBudget budget;
    private final Faults faults;
    private final @Nullable VirtualAccess virtual;
    private final List<Thread> moving = new ArrayList<>();
    private final List<Thread> blocked = new ArrayList<>();
    private final List<Thread> waiting = new ArrayList<>(); // in Object.wait, as far as the JDK tells
    private final List<Thread> bare = new ArrayList<>(); // asleep, or parked without a blocker
    private final VirtualFolds folds = new VirtualFolds();
    private final @Nullable PinnedThreads pinned;
    private @Nullable BlockedCensus census;
    private Iterator<Thread> rest = Collections.emptyIterator();
    private long count;
    private int queuesRead;
    /** Stacks told before this moment are told again: who reads now was not there. */
    private long readerSince = System.nanoTime();

    VirtualThreads(WaitReader reader, ThreadAccess access, StackBudget budget, Faults faults) {
        this.reader = reader;
        this.access = access;
        this.budget = budget;
        this.faults = faults;
        virtual = Runtime.version().feature() >= 21 ? open(faults) : null;
        pinned = virtual == null ? null : new PinnedThreads(virtual, access, budget, reader);
        census = virtual == null ? null : new BlockedCensus(virtual, access, System.nanoTime());
        count = virtual == null && Runtime.version().feature() >= 21 ? -1 : 0;
    }

    /** Live virtual threads at the last scan; -1 if not known. */
    long count() {
        return count;
    }

    /** Somebody new reads. */
    void tellAgain(long now) {
        readerSince = now;
    }

    long takeDropped() {
        return folds.takeDropped();
    }

    /** Counts the blocked between scans, if it is time to; returns in how many nanoseconds it is again. */
    long count(long now) {
        if (census == null) {
            return Long.MAX_VALUE;
        }
        try {
            census.look(now);
            if (pinned != null) {
                pinned.look();
            }
        } catch (Throwable fault) { // internals of another JDK build
            faults.caught("virtual threads", fault);
            census = null;
            return Long.MAX_VALUE;
        }
        return census.pause(now);
    }

    /** Tells how long the blocked waited since the last call. */
    void share(FactSink sink, long now) {
        if (census != null) {
            census.share(now, sink);
        }
    }

    List<Edge> scan(Thread[] platform, FactSink sink, long now) {
        if (virtual == null || census == null) {
            return List.of();
        }
        try {
            queuesRead = 0;
            virtual.findExecutors();
            virtual.lookForScopes(platform);
            return scan(virtual, census, sink, now);
        } catch (Throwable fault) { // internals of another JDK build
            faults.caught("virtual threads", fault);
            return List.of();
        }
    }

    private List<Edge> scan(VirtualAccess virtual, BlockedCensus census, FactSink sink, long now) throws Throwable {
        List<Set<Thread>> sets = virtual.sets();
        List.of(moving, blocked, waiting, bare).forEach(List::clear);
        long visited = visit(virtual, sets, now);
        count = sets.stream().mapToLong(Set::size).sum(); // those found on the way included
        double scale = visited == 0 ? 1 : Math.max(1.0, count / (double) visited);
        MonitorLooks looks = new MonitorLooks(virtual, access, budget, folds, sink, now);
        looks.atMonitors(blocked, census);
        looks.inWait(waiting, census);
        looks.withoutBlocker(bare);
        if (pinned != null) {
            pinned.tell(sink, now);
        }
        VirtualOwners owners = new VirtualOwners(virtual, access, budget, folds);
        owners.ofMonitors(folds.found(), List.of(bare, moving, waiting, blocked), sink, now);
        List<Edge> edges = new ArrayList<>();
        for (VirtualFold fold : folds.found()) {
            judge(fold, sink, now);
            tellTaker(fold, sink, now);
            fold.owner = fold.owner != null ? fold.owner : reader.owner(fold.subject, fold.first, NOBODY);
            int weight = (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(fold.threads * scale)));
            if (fold.verdict != Verdict.SLEEP) {
                edges.add(fold.edge(fold.first, fold.owner, weight));
            }
        }
        ownersThatWait(looks, edges, now);
        looks.tell(census);
        folds.scanned();
        return edges;
    }

    /** An owner that waits itself has an edge of its own, whoever stands for the others: else a cycle would not close. */
    private void ownersThatWait(MonitorLooks looks, List<Edge> edges, long now) throws Throwable {
        Set<Thread> done = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Thread> open = new ArrayList<>();
        for (VirtualFold fold : folds.found()) {
            done.add(fold.first);
            open.add(fold.owner);
        }
        for (int i = 0; i < open.size() && i < VirtualFolds.MOST; i++) {
            Thread owner = open.get(i);
            if (owner == null || !access.isVirtual(owner) || !done.add(owner)) {
                continue;
            }
            VirtualFold fold = foldOf(owner, looks, now);
            if (fold != null && fold.verdict != Verdict.SLEEP) {
                fold.owner = fold.owner != null ? fold.owner : reader.owner(fold.subject, fold.first, NOBODY);
                edges.add(fold.edge(owner, fold.owner, 1));
                open.add(fold.owner);
            }
        }
    }

    private @Nullable VirtualFold foldOf(Thread thread, MonitorLooks looks, long now) throws Throwable {
        Thread.State state = access.state(thread);
        if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
            Object blocker = LockSupport.getBlocker(thread);
            return blocker == null ? null : folds.add(thread, subject(blocker, thread), null, now);
        }
        return state == Thread.State.BLOCKED ? looks.atMonitor(thread) : null;
    }

    /** Returns how many were visited. */
    private long visit(VirtualAccess virtual, List<Set<Thread>> sets, long now) throws Throwable {
        long visited = 0;
        boolean fresh = !rest.hasNext();
        int next = 0;
        while (true) {
            if (!rest.hasNext()) {
                if ((!fresh && visited > 0) || next >= sets.size()) {
                    return visited; // the end of a scan begun earlier, or of all sets
                }
                rest = sets.get(next++).iterator();
                continue;
            }
            Thread thread = rest.next();
            visited++;
            virtual.addScopes(thread, sets);
            visit(virtual, thread, now);
            if ((visited & 63) == 0 && System.nanoTime() - now > SCAN_NANOS && visited > LEAST) {
                return visited;
            }
        }
    }

    private void visit(VirtualAccess virtual, Thread thread, long now) throws Throwable {
        Thread.State state = access.state(thread);
        if (pinned != null) {
            pinned.see(thread, now);
        }
        switch (state) {
            case BLOCKED -> blocked.add(thread);
            case WAITING, TIMED_WAITING -> {
                Object blocker = LockSupport.getBlocker(thread);
                if (blocker != null) {
                    folds.add(thread, subject(blocker, thread), null, now);
                    candidate(thread);
                } else if (virtual.isParked(thread)) {
                    bare.add(thread);
                } else {
                    waiting.add(thread);
                }
            }
            case RUNNABLE -> candidate(thread);
            case NEW, TERMINATED -> {} // does not wait
        }
    }

    /** May have a monitor that others want. */
    private void candidate(Thread thread) {
        if (moving.size() < CANDIDATES) {
            moving.add(thread);
        }
    }

    private WaitReader.Subject subject(Object blocker, Thread thread) {
        boolean shared = false;
        if (queuesRead < QUEUES_READ && reader.hasModes(blocker)) {
            queuesRead++;
            shared = WaitReader.isSharedWaiter(blocker, thread);
        }
        return reader.subject(blocker, shared);
    }

    /** One stack stands for the fold; what it says holds as long as the fold is there. */
    private void judge(VirtualFold fold, FactSink sink, long now) throws Throwable {
        boolean known = fold.verdict != Verdict.UNKNOWN && !isToTell(fold, now);
        if (known || fold.subject.queue() || !budget.take(now, RESERVE)) {
            return;
        }
        StackTraceElement[] frames = access.stack(fold.first);
        Thread.State state = access.state(fold.first);
        if (frames.length == 0 || !stillWaits(fold, state, frames)) {
            return; // it has moved on, to a sleep perhaps
        }
        fold.verdict = fold.subject.verdict(frames, state);
        if (fold.verdict == Verdict.HELD) {
            fold.heldTold = now;
            sink.put(new Row(ThreadStackEvent.NAME)
                    .put("thread", fold.first)
                    .put("reason", "waiter")
                    .put("lockClassName", fold.subject.lockClass())
                    .put("lockId", fold.subject.lockId())
                    .put("state", state.name())
                    .put("stack", StackText.of(frames)));
        }
    }

    /** Whether who reads has not yet been told where those that are held up stand, or a minute ago. */
    private boolean isToTell(VirtualFold fold, long now) {
        return fold.verdict == Verdict.HELD
                && (fold.heldTold - readerSince < 0 || now - fold.heldTold >= Snapshot.TELL_AGAIN);
    }

    /** The stack of one that has long waited to take from a queue, which may be a pool: each minute. */
    private void tellTaker(VirtualFold fold, FactSink sink, long now) throws Throwable {
        boolean told =
                fold.takerTold != 0 && fold.takerTold - readerSince >= 0 && now - fold.takerTold < Snapshot.TELL_AGAIN;
        boolean isLong = fold.verdict == Verdict.IDLE && !fold.subject.queue() && now - fold.since >= Takers.LONG;
        if (told || !isLong || !budget.take(now, RESERVE)) {
            return;
        }
        fold.takerTold = now;
        StackTraceElement[] frames = access.stack(fold.first);
        Thread.State state = access.state(fold.first);
        if (IdleRule.takes(frames) && stillWaits(fold, state, frames)) {
            Snapshot.tell(sink, fold.first, "taker", fold.subject, state, frames);
        }
    }

    /** Asked after its stack was taken. */
    private static boolean stillWaits(VirtualFold fold, Thread.State state, StackTraceElement[] frames) {
        if (fold.subject.kind().equals("monitor")) {
            return state == Thread.State.BLOCKED;
        }
        boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        return waits
                && (fold.inWait
                        ? MonitorLooks.calls(frames, "java.lang.Object", "wait")
                        : LockSupport.getBlocker(fold.first) == fold.subject.blocker());
    }

    private static @Nullable VirtualAccess open(Faults faults) {
        try {
            return new VirtualAccess();
        } catch (ReflectiveOperationException | RuntimeException otherJdk) {
            faults.caught("virtual threads", otherJdk);
            return null;
        }
    }
}
