// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.LockTotalsEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how long and how often virtual threads wait for monitors and in Object.wait, of which nothing else tells: how many
 * are blocked, and how many wait without a park blocker, is counted some fifty times a second, and in a short burst after
 * each scan a few of them are watched closely, to see how soon a wait ends.
 *
 * <p>Which monitors they wait for says the scan; the time is shared out in that proportion. A gap between two waits of
 * a thread that is shorter than a look apart is not seen, so waits can be fewer than there are.
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
    private Map<Long, Rate> rates = new HashMap<>();
    private Iterator<Thread> rest = Collections.emptyIterator();
    private long countedAt;
    private long nextCount;
    private int burstLooks;
    private int turn;
    private final Crowd blocked = new Crowd();
    private final Crowd bare = new Crowd();
    private boolean objectWaits; // whether the last scan found any: many that wait without a blocker just sleep
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

    /** The threads in one state, and the time they were in it since it was last shared out. */
    private static final class Crowd {
        private double last;
        private double owed;
        private long counted;

        void scaled(double scale, long apart) {
            double now = counted * scale;
            owed += apart * (now + last) / 2;
            last = now;
            counted = 0;
        }
    }

    /** A thread in a burst. */
    private static final class Watched {
        private final Thread thread;
        private final Rate rate;
        private final boolean inWait;
        private boolean waits = true;

        Watched(Thread thread, Rate rate, boolean inWait) {
            this.thread = thread;
            this.rate = rate;
            this.inWait = inWait;
        }

        boolean isIn(Thread.State state) {
            return inWait
                    ? state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING
                    : state == Thread.State.BLOCKED;
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

    /**
     * What waits for one monitor, or in it, in a scan.
     *
     * @param kind {@code monitor}, or what those in Object.wait do
     * @param type null if that is not known
     */
    record Share(String kind, @Nullable Class<?> type, long lockId, long threads, long since) {
        boolean inWait() {
            return !kind.equals("monitor");
        }

        private long key() {
            return key(lockId, inWait());
        }

        static long key(long lockId, boolean inWait) {
            return inWait ? ~lockId : lockId;
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
        blocked.scaled(scale, apart);
        bare.scaled(scale, apart);
        watch(apart);
        boolean burst = burstLooks-- > 0 && !watched.isEmpty();
        if (!burst) {
            watched.clear();
        }
        long cost = System.nanoTime() - now;
        blockedAt = blocked.last > 0 || (objectWaits && bare.last > 0) ? now : blockedAt;
        long pace = now - blockedAt > RECENT ? QUIET_PACE : PACE[turn++ & 3];
        nextCount = now + (burst ? BURST_PACE : Math.min(QUIET_PACE, Math.max(pace, cost * SHARE)));
    }

    /** Watches this thread, found blocked on the monitor or waiting in it, for the length of a burst. */
    void watch(Thread thread, long lockId, boolean inWait, long now) {
        long key = Share.key(lockId, inWait);
        if (watched.size() < WATCHED && (rates.size() < RATES || rates.containsKey(key))) {
            watched.add(new Watched(thread, rates.computeIfAbsent(key, unknown -> new Rate()), inWait));
            burstLooks = BURST_LOOKS;
            nextCount = Math.min(nextCount, now + BURST_PACE);
        }
    }

    /**
     * Shares the time since the last call out to these monitors; what could not be told this time is kept for the next.
     *
     * @param withoutBlocker how many threads were found to wait without a park blocker, in Object.wait or asleep; 0 if none was asked
     */
    void share(List<Share> shares, double withoutBlocker, long now, FactSink sink) {
        long onMonitors = shares.stream()
                .filter(share -> !share.inWait())
                .mapToLong(Share::threads)
                .sum();
        objectWaits = shares.stream().anyMatch(Share::inWait);
        if (shares.isEmpty()) {
            bare.owed = withoutBlocker > 0 ? 0 : bare.owed;
            return;
        }
        Map<Long, Rate> kept = new HashMap<>();
        for (Share share : shares) {
            Rate rate = rates.getOrDefault(share.key(), new Rate());
            double waited = share.inWait()
                    ? bare.owed * Math.min(1, share.threads() / withoutBlocker)
                    : blocked.owed * share.threads() / onMonitors;
            send(share, (long) waited, rate.waits(waited), now, sink);
            rate.fade();
            kept.put(share.key(), rate);
        }
        rates = kept;
        bare.owed = withoutBlocker > 0 ? 0 : bare.owed;
        blocked.owed = onMonitors == 0 ? blocked.owed : 0;
        sharedAt = now;
    }

    private void send(Share share, long waited, long waits, long now, FactSink sink) {
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
            boolean waits = each.isIn(access.state(each.thread));
            if (each.waits) {
                each.rate.add(apart, !waits);
            }
            each.waits = waits;
        }
    }

    /** Counts the threads, as far as a short time allows; returns how many each that was visited stands for. */
    private double count(long now) throws Throwable {
        List<Set<Thread>> sets = virtual.sets();
        long all = 0;
        for (Set<Thread> set : sets) {
            all += set.size();
        }
        long visited = 0;
        boolean fresh = !rest.hasNext();
        Iterator<Set<Thread>> more = sets.iterator();
        while (rest.hasNext() || ((fresh || visited == 0) && more.hasNext())) {
            if (!rest.hasNext()) {
                rest = more.next().iterator();
                continue;
            }
            visited++;
            count(rest.next());
            if ((visited & 63) == 0 && System.nanoTime() - now > COUNT_NANOS) {
                return Math.max(1.0, (double) all / visited);
            }
        }
        rest = Collections.emptyIterator();
        return visited == 0 ? 0 : Math.max(1.0, (double) all / visited);
    }

    private void count(Thread thread) throws Throwable {
        switch (access.state(thread)) {
            case BLOCKED -> blocked.counted++;
            case WAITING, TIMED_WAITING -> bare.counted += LockSupport.getBlocker(thread) == null ? 1 : 0;
            case NEW, RUNNABLE, TERMINATED -> {} // does not wait
        }
    }
}
