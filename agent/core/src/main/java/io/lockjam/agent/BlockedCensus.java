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

/**
 * Estimates how long and how often virtual threads wait for monitors, of which nothing else tells: how many are blocked
 * is counted some fifty times a second, and in a short burst after each scan a few of them are watched closely, to see
 * how soon a wait ends.
 *
 * <p>Which monitors they wait for says the scan; the time is shared out in that proportion. A gap between two waits of
 * a thread that is shorter than a look apart is not seen.
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
    private double lastBlocked;
    private long blockedAt;
    private double owed;
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
        private boolean blocked = true;

        Watched(Thread thread, Rate rate) {
            this.thread = thread;
            this.rate = rate;
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

    /** What waits for one monitor in a scan. */
    record Share(Class<?> type, long lockId, long threads, long since) {}

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
        double blocked = count(now);
        owed += apart * (blocked + lastBlocked) / 2;
        lastBlocked = blocked;
        watch(apart);
        boolean burst = burstLooks-- > 0 && !watched.isEmpty();
        if (!burst) {
            watched.clear();
        }
        long cost = System.nanoTime() - now;
        blockedAt = blocked > 0 ? now : blockedAt;
        long pace = now - blockedAt > RECENT ? QUIET_PACE : PACE[turn++ & 3];
        nextCount = now + (burst ? BURST_PACE : Math.min(QUIET_PACE, Math.max(pace, cost * SHARE)));
    }

    /** Watches this thread, found blocked on the monitor, for the length of a burst. */
    void watch(Thread thread, long lockId, long now) {
        if (watched.size() < WATCHED && (rates.size() < RATES || rates.containsKey(lockId))) {
            watched.add(new Watched(thread, rates.computeIfAbsent(lockId, unknown -> new Rate())));
            burstLooks = BURST_LOOKS;
            nextCount = Math.min(nextCount, now + BURST_PACE);
        }
    }

    /** Shares the time blocked since the last call out to these monitors; none of them: it is kept for the next. */
    void share(List<Share> shares, long now, FactSink sink) {
        long threads = shares.stream().mapToLong(Share::threads).sum();
        if (threads == 0) {
            return;
        }
        Map<Long, Rate> kept = new HashMap<>();
        for (Share share : shares) {
            Rate rate = rates.getOrDefault(share.lockId(), new Rate());
            double waited = owed * share.threads() / threads;
            send(share, (long) waited, rate.waits(waited), now, sink);
            rate.fade();
            kept.put(share.lockId(), rate);
        }
        rates = kept;
        owed = 0;
        sharedAt = now;
    }

    private void send(Share share, long waited, long waits, long now, FactSink sink) {
        sink.put(new Row(LockTotalsEvent.NAME)
                .put("kind", "monitor")
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
            boolean blocked = access.state(each.thread) == Thread.State.BLOCKED;
            if (each.blocked) {
                each.rate.add(apart, !blocked);
            }
            each.blocked = blocked;
        }
    }

    /** Blocked threads, as far as a short time allows, scaled to all. */
    private double count(long now) throws Throwable {
        List<Set<Thread>> sets = virtual.sets();
        long all = 0;
        for (Set<Thread> set : sets) {
            all += set.size();
        }
        long visited = 0;
        long blocked = 0;
        boolean fresh = !rest.hasNext();
        Iterator<Set<Thread>> more = sets.iterator();
        while (rest.hasNext() || ((fresh || visited == 0) && more.hasNext())) {
            if (!rest.hasNext()) {
                rest = more.next().iterator();
                continue;
            }
            visited++;
            blocked += access.state(rest.next()) == Thread.State.BLOCKED ? 1 : 0;
            if ((visited & 63) == 0 && System.nanoTime() - now > COUNT_NANOS) {
                return blocked * Math.max(1.0, (double) all / visited);
            }
        }
        rest = Collections.emptyIterator();
        return visited == 0 ? 0 : blocked * Math.max(1.0, (double) all / visited);
    }
}
