// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.LockTotalsEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Estimates how long and how often virtual threads wait for monitors and in Object.wait, of which nothing else tells: how many
 * are blocked, and how many wait without a park blocker, is counted some fifty times a second, and in a short burst after
 * each scan a few of them are watched closely, to see how soon a wait ends.
 *
 * <p>Which monitors they wait for says the scan; the time is shared out in that proportion each second until the next one. A
 * gap between two waits of a thread that is shorter than a look apart is not seen, so waits can be fewer than there are, and
 * none at all.
 */
final class BlockedCensus {
    private static final long MILLISECOND = 1_000_000;

    /** Between two counts while threads are found blocked; not even, or a program in step with it would mislead. */
    private static final long[] PACE = {13 * MILLISECOND, 29 * MILLISECOND, 17 * MILLISECOND, 23 * MILLISECOND};

    private static final long QUIET_PACE = 200 * MILLISECOND;
    private static final long RECENT = 2_000 * MILLISECOND;

    /** A count may take this part of the time between two: 0.1 %. */
    private static final long SHARE = 1000;

    private static final long COUNT_NANOS = 200_000;

    /** If they are too many to count all within this time, those counted stand for the others. */
    private static final long LONGEST = 500 * MILLISECOND;

    private static final int BURST_LOOKS = 20;
    private static final long BURST_PACE = 2 * MILLISECOND;

    /** Looks further apart than this may have missed the gap between two waits. */
    private static final long CLOSE = 5 * MILLISECOND;

    static final int WATCHED = 24;
    private static final int RATES = 500;

    /** How much of what was seen before counts after a scan: the rate of a monitor rests on some ten bursts. */
    private static final double MEMORY = 0.9;

    private final VirtualAccess virtual;
    private final ThreadAccess access;
    private final List<Watched> watched = new ArrayList<>();
    private final Map<Crowd.Key, Rate> rates = new HashMap<>();
    private final List<Set<Thread>> left = new ArrayList<>(); // not begun in this pass
    private Iterator<Thread> rest = Collections.emptyIterator();
    private long visited;
    private long lookedAt;
    private long countedAt;
    private long nextCount;
    private int burstLooks;
    private int turn;
    /** Those blocked, and those that wait without a park blocker: many of the latter just sleep. */
    private final Map<Thread.State, Crowd> crowds = Map.of(
            Thread.State.BLOCKED,
            new Crowd(),
            Thread.State.WAITING,
            new Crowd(),
            Thread.State.TIMED_WAITING,
            new Crowd());

    /** Those that got their monitor, or a signal, and wait for a carrier to go on with. */
    private final ThreadTime unblocked = new ThreadTime();

    private long blockedAt;
    private long sharedAt;

    BlockedCensus(VirtualAccess virtual, ThreadAccess access, long now) {
        this.virtual = virtual;
        this.access = access;
        lookedAt = now;
        countedAt = now;
        nextCount = now;
        blockedAt = now - RECENT;
        sharedAt = now;
    }

    /** A thread in a burst. */
    private static final class Watched {
        private final Thread thread;
        private final Rate rate;
        private final Thread.State state;
        private boolean waits = true;

        Watched(Thread thread, Rate rate, Thread.State state) {
            this.thread = thread;
            this.rate = rate;
            this.state = state;
        }
    }

    /** How soon waits for one monitor end. */
    private static final class Rate {
        private double observed;
        private double ends;
        private double farObserved; // in looks too far apart to see every end: all there is on a busy machine
        private double farEnds;
        private double carry;

        void add(long apart, boolean ended) {
            double blocked = ended ? apart / 2.0 : apart;
            if (apart <= CLOSE) {
                observed += blocked;
                ends += ended ? 1 : 0;
            }
            farObserved += blocked;
            farEnds += ended ? 1 : 0;
        }

        void fade() {
            observed *= MEMORY;
            ends *= MEMORY;
            farObserved *= MEMORY;
            farEnds *= MEMORY;
        }

        double ends(double waited) {
            double perNano = observed > 0 ? ends / observed : farObserved > 0 ? farEnds / farObserved : 0;
            return waited * perNano;
        }

        long waits(double waited) {
            double waits = carry + ends(waited);
            carry = waits - Math.floor(waits);
            return (long) waits;
        }
    }

    /** Nanoseconds until the next look is due. */
    long pause(long now) {
        return Math.max(0, nextCount - now);
    }

    /** Counts, if it is time to. */
    void look(long now) throws Throwable {
        if (now - nextCount < 0) {
            return;
        }
        watch(now - lookedAt);
        lookedAt = now;
        if (countsAll(now) || now - countedAt > LONGEST) {
            counted(now);
        }
        boolean burst = burstLooks-- > 0 && !watched.isEmpty();
        if (!burst) {
            watched.clear();
        }
        long cost = System.nanoTime() - now;
        long pace = now - blockedAt > RECENT ? QUIET_PACE : PACE[turn++ & 3];
        nextCount = now + (burst ? BURST_PACE : Math.min(QUIET_PACE, Math.max(pace, cost * SHARE)));
    }

    /** Takes what was counted for how many there were since the last time; a part of them stands for all. */
    private void counted(long now) throws Throwable {
        long all = 0;
        for (Set<Thread> set : virtual.sets()) {
            all += set.size();
        }
        double scale = visited == 0 ? 0 : Math.max(1, all / (double) visited);
        for (Map.Entry<Thread.State, Crowd> each : crowds.entrySet()) {
            Crowd crowd = each.getValue();
            boolean waits =
                    each.getKey() == Thread.State.BLOCKED || !crowd.waits().isEmpty();
            blockedAt = crowd.time.counted(scale, now - countedAt) > 0 && waits ? now : blockedAt;
        }
        unblocked.counted(scale, now - countedAt);
        countedAt = now;
        visited = 0;
    }

    /** Watches this thread, found blocked on the monitor or waiting in it, for the length of a burst. */
    void watch(Thread thread, Crowd.Key key, long now) {
        if (watched.size() < WATCHED && (rates.size() < RATES || rates.containsKey(key))) {
            watched.add(new Watched(thread, rates.computeIfAbsent(key, unknown -> new Rate()), key.state()));
            burstLooks = BURST_LOOKS;
            nextCount = Math.min(nextCount, now + BURST_PACE);
        }
    }

    /** The threads in this state of which {@code all} were asked by a scan, and of those what waits for monitors. */
    void asked(Thread.State state, double all, List<Crowd.Share> found) {
        Crowd crowd = crowds.get(state);
        if (crowd != null && all > 0) {
            crowd.asked(found, all);
        }
    }

    /** To be called once a scan's answers are in. */
    void scanned() {
        rates.keySet().retainAll(waits());
        rates.values().forEach(Rate::fade);
    }

    private Set<Crowd.Key> waits() {
        Set<Crowd.Key> waits = new HashSet<>();
        crowds.values().forEach(each -> waits.addAll(each.waits()));
        return waits;
    }

    /** Tells how long each monitor was waited for since the last call. */
    void share(long now, FactSink sink) {
        List<Waited> all = new ArrayList<>();
        for (Crowd crowd : crowds.values()) {
            crowd.share(
                    (share, waited) -> all.add(new Waited(share, waited, rates.getOrDefault(share.key(), new Rate()))));
        }
        double ends = all.stream().mapToDouble(Waited::ends).sum();
        double perEnd = unblocked.take() / Math.max(1, ends);
        all.forEach(each -> send(each, perEnd, now, sink));
        sharedAt = now;
    }

    /** How long threads were blocked on a monitor, or waited in it. */
    private record Waited(Crowd.Share share, double nanos, Rate rate) {
        double ends() {
            return rate.ends(nanos);
        }
    }

    /** A wait lasts until the thread goes on, as all others do that we tell. */
    private void send(Waited each, double perEnd, long now, FactSink sink) {
        long waited = (long) (each.nanos() + each.ends() * perEnd);
        if (waited == 0) {
            return;
        }
        Crowd.Share share = each.share();
        long waits = each.rate().waits(each.nanos());
        sink.put(new Row(LockTotalsEvent.NAME)
                .put("kind", share.kind())
                .put("lockClass", share.type())
                .put("lockId", share.lockId())
                .put("waits", waits)
                .put("waited", waited)
                .put("longest", waits == 0 ? Math.min(waited, now - share.since()) : waited / waits)
                .put("histogram", "")
                .put("waiting", (int) Math.min(Integer.MAX_VALUE, share.threads()))
                .put("interval", now - sharedAt)
                .put("sampled", true));
    }

    private void watch(long apart) throws Throwable {
        for (Watched each : watched) {
            Thread.State state = access.state(each.thread);
            boolean woken = state == Thread.State.RUNNABLE && virtual.isUnblocked(each.thread);
            boolean waits = waits(each.state, each.waits, state, woken);
            if (each.waits) {
                each.rate.add(apart, !waits);
            }
            each.waits = waits;
        }
    }

    /** A thread woken at a monitor waits on until it is seen to do something else: often it finds the monitor taken again. */
    static boolean waits(Thread.State found, boolean waited, Thread.State state, boolean woken) {
        return state == found || found == Thread.State.BLOCKED && waited && woken;
    }

    /** Counts the threads, as far as a short time allows; returns whether it got through all of them, perhaps in several turns. */
    private boolean countsAll(long now) throws Throwable {
        if (!rest.hasNext() && left.isEmpty()) {
            left.addAll(virtual.sets());
        }
        for (int turns = 1; rest.hasNext() || !left.isEmpty(); ) {
            if (!rest.hasNext()) {
                rest = left.remove(left.size() - 1).iterator();
                continue;
            }
            Thread thread = rest.next();
            virtual.addScopes(thread, left);
            count(thread);
            visited++;
            if ((turns++ & 63) == 0 && System.nanoTime() - now > COUNT_NANOS) {
                return !rest.hasNext() && left.isEmpty();
            }
        }
        return true;
    }

    private void count(Thread thread) throws Throwable {
        Thread.State state = access.state(thread);
        Crowd crowd = crowds.get(state);
        if (crowd != null && (state == Thread.State.BLOCKED || mayBeInWait(thread))) {
            crowd.time.count();
        } else if (state == Thread.State.RUNNABLE && virtual.isUnblocked(thread)) {
            unblocked.count();
        }
    }

    private boolean mayBeInWait(Thread thread) throws Throwable {
        return LockSupport.getBlocker(thread) == null && !virtual.isParked(thread);
    }
}
