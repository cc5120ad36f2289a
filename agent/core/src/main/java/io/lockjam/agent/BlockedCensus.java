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
    private Iterator<Thread> rest = Collections.emptyIterator();
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

    private long blockedAt;
    private long sharedAt;

    BlockedCensus(VirtualAccess virtual, ThreadAccess access, long now) {
        this.virtual = virtual;
        this.access = access;
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

        long waits(double waited) {
            double perNano = observed > 0 ? ends / observed : farObserved > 0 ? farEnds / farObserved : 0;
            double waits = carry + waited * perNano;
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
        long apart = now - countedAt;
        countedAt = now;
        double scale = count(now);
        boolean any = false;
        for (Map.Entry<Thread.State, Crowd> each : crowds.entrySet()) {
            Crowd crowd = each.getValue();
            boolean waits =
                    each.getKey() == Thread.State.BLOCKED || !crowd.waits().isEmpty();
            any |= crowd.counted(scale, apart) > 0 && waits;
        }
        watch(apart);
        boolean burst = burstLooks-- > 0 && !watched.isEmpty();
        if (!burst) {
            watched.clear();
        }
        long cost = System.nanoTime() - now;
        blockedAt = any ? now : blockedAt;
        long pace = now - blockedAt > RECENT ? QUIET_PACE : PACE[turn++ & 3];
        nextCount = now + (burst ? BURST_PACE : Math.min(QUIET_PACE, Math.max(pace, cost * SHARE)));
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
        crowds.values().forEach(each -> each.share((share, waited) -> send(share, (long) waited, now, sink)));
        sharedAt = now;
    }

    private void send(Crowd.Share share, long waited, long now, FactSink sink) {
        if (waited == 0) {
            return;
        }
        long waits = rates.getOrDefault(share.key(), new Rate()).waits((double) waited);
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
            boolean waits = each.state == access.state(each.thread);
            if (each.waits) {
                each.rate.add(apart, !waits);
            }
            each.waits = waits;
        }
    }

    /** Counts the threads, as far as a short time allows; returns how many each that was visited stands for. */
    private double count(long now) throws Throwable {
        List<Set<Thread>> sets = virtual.sets();
        long visited = 0;
        boolean fresh = !rest.hasNext();
        int next = 0;
        while (rest.hasNext() || ((fresh || visited == 0) && next < sets.size())) {
            if (!rest.hasNext()) {
                rest = sets.get(next++).iterator();
                continue;
            }
            Thread thread = rest.next();
            visited++;
            virtual.addScopes(thread, sets);
            count(thread);
            if ((visited & 63) == 0 && System.nanoTime() - now > COUNT_NANOS) {
                return standsFor(sets, visited);
            }
        }
        rest = Collections.emptyIterator();
        return visited == 0 ? 0 : standsFor(sets, visited);
    }

    private static double standsFor(List<Set<Thread>> sets, long visited) {
        double all = 0;
        for (Set<Thread> set : sets) {
            all += set.size();
        }
        return Math.max(1, all / visited);
    }

    private void count(Thread thread) throws Throwable {
        Thread.State state = access.state(thread);
        Crowd crowd = crowds.get(state);
        if (crowd != null && (state == Thread.State.BLOCKED || LockSupport.getBlocker(thread) == null)) {
            crowd.count();
        }
    }
}
