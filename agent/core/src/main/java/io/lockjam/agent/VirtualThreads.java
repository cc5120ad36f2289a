// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.ThreadStackEvent;
import java.util.ArrayList;
import java.util.Collections;
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

    /** Blocked threads asked for their monitors in one scan: about 20 microseconds each. */
    private static final int LOOKS = 100;

    private static final double RESERVE = 0.4;

    private final WaitReader reader;
    private final ThreadAccess access;
    private final StackBudget budget;
    private final Faults faults;
    private final @Nullable VirtualAccess virtual;
    private Map<Long, Fold> before = new HashMap<>();
    private Iterator<Thread> rest = Collections.emptyIterator();
    private long count;
    private long dropped;
    private long lastScan;

    VirtualThreads(WaitReader reader, ThreadAccess access, StackBudget budget, Faults faults) {
        this.reader = reader;
        this.access = access;
        this.budget = budget;
        this.faults = faults;
        virtual = Runtime.version().feature() >= 21 ? open(faults) : null;
        count = virtual == null && Runtime.version().feature() >= 21 ? -1 : 0;
    }

    /** All that wait for one thing. */
    private static final class Fold {
        private final Thread first;
        private final WaitReader.Subject subject;
        private final long since;
        private final @Nullable Class<?> monitor;
        private Verdict verdict = Verdict.UNKNOWN;
        private @Nullable Thread owner;
        private int threads;

        Fold(Thread first, WaitReader.Subject subject, @Nullable Class<?> monitor, @Nullable Fold before, long now) {
            this.first = first;
            this.subject = subject;
            this.monitor = monitor;
            since = before == null ? now : before.since;
            verdict = before == null ? Verdict.UNKNOWN : before.verdict;
        }
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

    List<Edge> scan(FactSink sink, long now) {
        if (virtual == null) {
            return List.of();
        }
        try {
            return scan(virtual, sink, now);
        } catch (Throwable fault) { // internals of another JDK build
            faults.caught("virtual threads", fault);
            return List.of();
        }
    }

    private List<Edge> scan(VirtualAccess virtual, FactSink sink, long now) throws Throwable {
        List<Set<Thread>> sets = virtual.sets();
        count = sets.stream().mapToLong(Set::size).sum();
        Map<Long, Fold> folds = new HashMap<>();
        List<Thread> blocked = new ArrayList<>();
        long visited = visit(sets, folds, blocked, now);
        double scale = visited == 0 ? 1 : Math.max(1.0, count / (double) visited);
        monitors(virtual, blocked, folds, now);
        List<Edge> edges = new ArrayList<>();
        for (Fold fold : folds.values()) {
            judge(fold, sink, now);
            Thread owner = fold.owner != null ? fold.owner : reader.owner(fold.subject, new Thread[0]);
            int weight = (int) Math.min(Integer.MAX_VALUE, Math.round(fold.threads * scale));
            boolean idle = fold.subject.isForWork() || fold.verdict == Verdict.IDLE;
            if (fold.verdict != Verdict.SLEEP) {
                edges.add(new Edge(
                        fold.first,
                        fold.since,
                        fold.subject.kind(),
                        fold.subject.lockClass(),
                        fold.subject.lockId(),
                        owner,
                        fold.since,
                        idle,
                        Math.max(1, weight)));
            }
            totals(fold, weight, sink, now);
        }
        before = folds;
        lastScan = now;
        return edges;
    }

    /** Returns how many were visited. */
    private long visit(List<Set<Thread>> sets, Map<Long, Fold> folds, List<Thread> blocked, long now) throws Throwable {
        long visited = 0;
        boolean fresh = !rest.hasNext();
        Iterator<Set<Thread>> more = sets.iterator();
        while (true) {
            if (!rest.hasNext()) {
                if ((!fresh && visited > 0) || !more.hasNext()) {
                    return visited; // the end of a scan begun earlier, or of all sets
                }
                rest = more.next().iterator();
                continue;
            }
            Thread thread = rest.next();
            visited++;
            visit(thread, folds, blocked, now);
            if ((visited & 63) == 0 && System.nanoTime() - now > SCAN_NANOS && visited > 1000) {
                return visited;
            }
        }
    }

    private void visit(Thread thread, Map<Long, Fold> folds, List<Thread> blocked, long now) throws Throwable {
        Thread.State state = access.state(thread);
        switch (state) {
            case BLOCKED -> blocked.add(thread);
            case WAITING, TIMED_WAITING -> {
                Object blocker = LockSupport.getBlocker(thread);
                if (blocker == null) {
                    blocked.add(thread); // Object.wait, sleep or a bare park: looked at like the blocked ones
                } else {
                    fold(folds, thread, reader.subject(blocker, false), null, now);
                }
            }
            case NEW, RUNNABLE, TERMINATED -> {} // does not wait
        }
    }

    private @Nullable Fold fold(
            Map<Long, Fold> folds, Thread thread, WaitReader.Subject subject, @Nullable Class<?> monitor, long now) {
        long key = subject.lockId() * 31 + subject.kind().hashCode();
        Fold fold = folds.get(key);
        if (fold == null) {
            if (folds.size() >= FOLDS) {
                dropped++;
                return null;
            }
            fold = new Fold(thread, subject, monitor, before.get(key), now);
            folds.put(key, fold);
        }
        fold.threads++;
        return fold;
    }

    /** Asks a sample of the blocked what they wait for and what they have; the others are counted in proportion. */
    private void monitors(VirtualAccess virtual, List<Thread> blocked, Map<Long, Fold> folds, long now)
            throws Throwable {
        if (!virtual.canLook() || blocked.isEmpty()) {
            return;
        }
        int step = Math.max(1, blocked.size() / LOOKS);
        IdentityHashMap<Object, Thread> owners = new IdentityHashMap<>();
        IdentityHashMap<Fold, Object> found = new IdentityHashMap<>();
        for (int i = 0; i < blocked.size(); i += step) {
            Thread thread = blocked.get(i);
            VirtualAccess.Look look = budget.take(now, RESERVE) ? virtual.look(thread) : null;
            if (look == null) {
                continue;
            }
            look.owned().forEach(object -> owners.put(object, thread));
            Object on = look.blockedOn();
            if (on == null && sleeping(look)) {
                continue;
            }
            boolean monitor = on != null && access.state(thread) == Thread.State.BLOCKED;
            WaitReader.Subject subject = on == null
                    ? WaitReader.Subject.NONE
                    : new WaitReader.Subject(
                            monitor ? "monitor" : "object-wait",
                            on.getClass().getName(),
                            System.identityHashCode(on),
                            null,
                            false);
            Fold fold = fold(folds, thread, subject, on != null && monitor ? on.getClass() : null, now);
            if (fold != null) {
                fold.threads += step - 1;
                if (on != null && monitor) {
                    found.put(fold, on);
                }
            }
        }
        found.forEach((fold, monitor) -> {
            Thread owner = owners.get(monitor);
            fold.owner = owner == fold.first ? null : owner;
        });
    }

    private static boolean sleeping(VirtualAccess.Look look) {
        for (StackTraceElement frame : look.frames()) {
            if (frame.getMethodName().startsWith("sleep")
                    && frame.getClassName().startsWith("java.lang.")) {
                return true;
            }
        }
        return false;
    }

    /** One stack stands for the fold; what it says holds as long as the fold is there. */
    private void judge(Fold fold, FactSink sink, long now) throws Throwable {
        if (fold.verdict != Verdict.UNKNOWN || fold.subject.isForWork() || !budget.take(now, RESERVE)) {
            return;
        }
        Thread.State state = access.state(fold.first);
        StackTraceElement[] frames = access.stack(fold.first);
        if (state == Thread.State.RUNNABLE || frames.length == 0) {
            return; // it has moved on
        }
        fold.verdict = IdleRule.verdict(frames, state);
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

    /** Nothing else sees waits of virtual threads on monitors; here they are estimated from how many were found waiting. */
    private void totals(Fold fold, int weight, FactSink sink, long now) {
        if (fold.monitor == null || lastScan == 0) {
            return;
        }
        long interval = now - lastScan;
        sink.put(new Row(LockTotalsEvent.NAME)
                .put("kind", "monitor")
                .put("lockClass", fold.monitor)
                .put("lockId", fold.subject.lockId())
                .put("waits", (long) weight)
                .put("waited", weight * interval)
                .put("longest", now - fold.since)
                .put("histogram", "")
                .put("waiting", weight)
                .put("interval", interval)
                .put("sampled", true));
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
