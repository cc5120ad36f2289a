// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.ThreadStackEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
    /** Time of one scan: 0.2 % of a second. */
    private static final long SCAN_NANOS = 2_000_000;

    /** Different waits kept apart in one scan. */
    private static final int FOLDS = 500;

    /** Blocked threads, and as many that wait without a blocker, asked in one scan: about 20 microseconds each. */
    private static final int LOOKS = 50;

    /** Threads remembered in a scan that may own a monitor. */
    private static final int CANDIDATES = 200;

    /** Waiters of read-write locks whose mode is looked up in one scan: each walks the lock's queue. */
    private static final int QUEUES_READ = 50;

    private static final double RESERVE = 0.2;

    private static final @Nullable Thread[] NOBODY = new Thread[0];

    /** Before 25 a blocked virtual thread does not tell on what. */
    private static final WaitReader.Subject UNKNOWN_MONITOR = new WaitReader.Subject("monitor", "", 0, null, false);

    /** In one of several monitors that the thread has entered. */
    private static final WaitReader.Subject UNKNOWN_WAIT = new WaitReader.Subject("object-wait", "", 0, null, false);

    private final WaitReader reader;
    private final ThreadAccess access;
    private final StackBudget budget;
    private final Faults faults;
    private final @Nullable VirtualAccess virtual;
    private final List<Thread> moving = new ArrayList<>();
    private final List<Thread> bare = new ArrayList<>();
    private @Nullable BlockedCensus census;
    private Map<Long, VirtualFold> before = new HashMap<>();
    private Iterator<Thread> rest = Collections.emptyIterator();
    private long count;
    private long dropped;
    private int queuesRead;
    private final Map<Thread.State, Integer> asked = new EnumMap<>(Thread.State.class); // in the scan

    VirtualThreads(WaitReader reader, ThreadAccess access, StackBudget budget, Faults faults) {
        this.reader = reader;
        this.access = access;
        this.budget = budget;
        this.faults = faults;
        virtual = Runtime.version().feature() >= 21 ? open(faults) : null;
        census = virtual == null ? null : new BlockedCensus(virtual, access, System.nanoTime());
        count = virtual == null && Runtime.version().feature() >= 21 ? -1 : 0;
    }

    /** Live virtual threads at the last scan; -1 if not known. */
    long count() {
        return count;
    }

    long takeDropped() {
        long taken = dropped;
        dropped = 0;
        return taken;
    }

    /** Counts the blocked between scans, if it is time to; returns in how many nanoseconds it is again. */
    long count(long now) {
        if (census == null) {
            return Long.MAX_VALUE;
        }
        try {
            census.look(now);
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
            virtual.lookForScopes(platform);
            return scan(virtual, census, sink, now);
        } catch (Throwable fault) { // internals of another JDK build
            faults.caught("virtual threads", fault);
            return List.of();
        }
    }

    private List<Edge> scan(VirtualAccess virtual, BlockedCensus census, FactSink sink, long now) throws Throwable {
        List<Set<Thread>> sets = virtual.sets();
        Map<Long, VirtualFold> folds = new HashMap<>();
        List<Thread> blocked = new ArrayList<>();
        moving.clear();
        bare.clear();
        long visited = visit(virtual, sets, folds, blocked, now);
        count = sets.stream().mapToLong(Set::size).sum(); // those found on the way included
        double scale = visited == 0 ? 1 : Math.max(1.0, count / (double) visited);
        asked.clear();
        monitors(virtual, census, blocked, folds, now);
        monitors(virtual, census, bare, folds, now);
        VirtualOwners owners = new VirtualOwners(virtual, access, budget, before);
        owners.ofMonitors(folds.values(), List.of(bare, moving, blocked), sink, now);
        List<Edge> edges = new ArrayList<>();
        for (VirtualFold fold : folds.values()) {
            judge(fold, sink, now);
            fold.owner = fold.owner != null ? fold.owner : reader.owner(fold.subject, fold.first, NOBODY);
            int weight = (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(fold.threads * scale)));
            if (fold.verdict != Verdict.SLEEP) {
                edges.add(fold.edge(fold.first, fold.owner, weight));
            }
        }
        ownersThatWait(virtual, folds, edges, now);
        tell(census, folds.values());
        folds.values().forEach(fold -> fold.monitor = null);
        before = folds;
        return edges;
    }

    /** Tells the census what those in each state wait for. */
    private void tell(BlockedCensus census, Collection<VirtualFold> folds) {
        for (Thread.State state : asked.keySet()) {
            List<Crowd.Share> found = new ArrayList<>();
            for (VirtualFold fold : folds) {
                long threads = fold.in(state);
                if (threads > 0 && (fold.monitor != null || fold.inWait) && fold.verdict != Verdict.IDLE) {
                    Class<?> type = fold.monitor == null ? null : fold.monitor.getClass();
                    found.add(new Crowd.Share(
                            fold.subject.kind(), type, fold.subject.lockId(), state, threads, fold.since));
                }
            }
            double all = asked.getOrDefault(state, 0);
            if (state == Thread.State.BLOCKED) {
                all = found.stream().mapToDouble(Crowd.Share::threads).sum(); // each waits for some monitor
            }
            census.asked(state, all, found);
        }
        census.scanned();
    }

    /** An owner that waits itself has an edge of its own, whoever stands for the others: else a cycle would not close. */
    private void ownersThatWait(VirtualAccess virtual, Map<Long, VirtualFold> folds, List<Edge> edges, long now)
            throws Throwable {
        Set<Thread> done = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Thread> open = new ArrayList<>();
        for (VirtualFold fold : folds.values()) {
            done.add(fold.first);
            open.add(fold.owner);
        }
        for (int i = 0; i < open.size() && i < FOLDS; i++) {
            Thread owner = open.get(i);
            if (owner == null || !access.isVirtual(owner) || !done.add(owner)) {
                continue;
            }
            VirtualFold fold = foldOf(virtual, owner, folds, now);
            if (fold != null && fold.verdict != Verdict.SLEEP) {
                fold.owner = fold.owner != null ? fold.owner : reader.owner(fold.subject, fold.first, NOBODY);
                edges.add(fold.edge(owner, fold.owner, 1));
                open.add(fold.owner);
            }
        }
    }

    private @Nullable VirtualFold foldOf(VirtualAccess virtual, Thread thread, Map<Long, VirtualFold> folds, long now)
            throws Throwable {
        Thread.State state = access.state(thread);
        if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
            Object blocker = LockSupport.getBlocker(thread);
            return blocker == null ? null : fold(folds, thread, subject(blocker, thread), null, now);
        }
        if (state != Thread.State.BLOCKED || !virtual.canLook() || !budget.take(now, RESERVE)) {
            return null;
        }
        VirtualAccess.Look look = virtual.look(thread);
        Object on = look == null ? null : look.blockedOn();
        return on == null ? null : fold(folds, thread, monitor(on, "monitor"), on, now);
    }

    /** Returns how many were visited. */
    private long visit(
            VirtualAccess virtual, List<Set<Thread>> sets, Map<Long, VirtualFold> folds, List<Thread> blocked, long now)
            throws Throwable {
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
            visit(thread, folds, blocked, now);
            if ((visited & 63) == 0 && System.nanoTime() - now > SCAN_NANOS && visited > 1000) {
                return visited;
            }
        }
    }

    private void visit(Thread thread, Map<Long, VirtualFold> folds, List<Thread> blocked, long now) throws Throwable {
        Thread.State state = access.state(thread);
        switch (state) {
            case BLOCKED -> blocked.add(thread);
            case WAITING, TIMED_WAITING -> {
                Object blocker = LockSupport.getBlocker(thread);
                if (blocker == null) {
                    bare.add(thread); // Object.wait, sleep or a bare park
                } else {
                    fold(folds, thread, subject(blocker, thread), null, now);
                    candidate(thread);
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

    private static WaitReader.Subject monitor(Object on, String kind) {
        return new WaitReader.Subject(kind, on.getClass().getName(), System.identityHashCode(on), null, false);
    }

    private @Nullable VirtualFold fold(
            Map<Long, VirtualFold> folds,
            Thread thread,
            WaitReader.Subject subject,
            @Nullable Object monitor,
            long now) {
        long key = subject.lockId() * 31 + subject.kind().hashCode();
        VirtualFold fold = folds.get(key);
        if (fold == null) {
            if (folds.size() >= FOLDS) {
                dropped++;
                return null;
            }
            fold = new VirtualFold(thread, subject, monitor, before.get(key), now);
            folds.put(key, fold);
        }
        fold.threads++;
        return fold;
    }

    /** Asks a sample of the blocked what they wait for; the others are counted in proportion. */
    private void monitors(
            VirtualAccess virtual, BlockedCensus census, List<Thread> blocked, Map<Long, VirtualFold> folds, long now)
            throws Throwable {
        int step = Math.max(1, blocked.size() / LOOKS);
        for (int i = 0; i < blocked.size(); i += step) {
            Thread thread = blocked.get(i);
            Thread.State state = access.state(thread);
            boolean onMonitor = state == Thread.State.BLOCKED;
            if (!onMonitor && LockSupport.getBlocker(thread) != null) {
                continue; // parked since it was visited
            }
            VirtualAccess.Look look = virtual.canLook() && budget.take(now, RESERVE) ? virtual.look(thread) : null;
            if (look == null && (!onMonitor || virtual.canLook())) {
                continue; // ended, or over the budget
            }
            boolean inWait = !onMonitor && calls(look, "java.lang.Object", "wait");
            Object on = waitsFor(look, inWait);
            if (on != null && !onMonitor && !inWait) {
                continue; // parked meanwhile
            }
            asked.merge(state, step, Integer::sum);
            if (!onMonitor && !inWait && calls(look, "java.lang.", "sleep")) {
                continue;
            }
            WaitReader.Subject subject = on != null
                    ? monitor(on, onMonitor ? "monitor" : on instanceof Thread ? "join" : "object-wait")
                    : onMonitor ? UNKNOWN_MONITOR : inWait ? UNKNOWN_WAIT : WaitReader.Subject.NONE;
            VirtualFold fold = fold(folds, thread, subject, on, now);
            if (fold != null) {
                fold.threads += step - 1;
                fold.timed += state == Thread.State.TIMED_WAITING ? step : 0;
                fold.owner = subject.kind().equals("join") && on instanceof Thread joined ? joined : fold.owner;
                fold.inWait = inWait;
                if (on != null || inWait) {
                    census.watch(thread, new Crowd.Key(subject.lockId(), state), now);
                }
            }
        }
    }

    /** The monitor; in Object.wait, once the JIT has compiled it, the one that the caller still counts as its own. */
    private static @Nullable Object waitsFor(VirtualAccess.@Nullable Look look, boolean inWait) {
        if (look == null) {
            return null;
        }
        boolean one = inWait && look.blockedOn() == null && look.owned().size() == 1;
        return one ? look.owned().get(0) : look.blockedOn();
    }

    private static boolean calls(VirtualAccess.@Nullable Look look, String prefix, String method) {
        return look != null && calls(look.frames(), prefix, method);
    }

    private static boolean calls(StackTraceElement[] frames, String prefix, String method) {
        for (StackTraceElement frame : frames) {
            if (frame.getMethodName().startsWith(method) && frame.getClassName().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** One stack stands for the fold; what it says holds as long as the fold is there. */
    private void judge(VirtualFold fold, FactSink sink, long now) throws Throwable {
        if (fold.verdict != Verdict.UNKNOWN || fold.subject.queue() || !budget.take(now, RESERVE)) {
            return;
        }
        StackTraceElement[] frames = access.stack(fold.first);
        Thread.State state = access.state(fold.first);
        if (frames.length == 0 || !stillWaits(fold, state, frames)) {
            return; // it has moved on, to a sleep perhaps
        }
        fold.verdict = fold.subject.verdict(frames, state);
        if (fold.verdict == Verdict.HELD) {
            sink.put(new Row(ThreadStackEvent.NAME)
                    .put("thread", fold.first)
                    .put("reason", "waiter")
                    .put("lockClassName", fold.subject.lockClass())
                    .put("lockId", fold.subject.lockId())
                    .put("state", state.name())
                    .put("stack", StackText.of(frames)));
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
                        ? calls(frames, "java.lang.Object", "wait")
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
