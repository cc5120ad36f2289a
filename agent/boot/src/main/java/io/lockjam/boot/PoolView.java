// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the agent's thread sees of one pool from interval to interval. */
final class PoolView {
    /** Sizes and running counts of a pool at one moment; -1 where it has none. */
    record Look(
            int size,
            int core,
            int max,
            int busy,
            int depth,
            int capacity,
            long completed,
            @Nullable String name) {}

    private static volatile @Nullable UnaryOperator<String> redaction;

    private static final double NANOS_PER_SECOND = 1e9;
    /**
     * A pool that cannot be looked into so often in a row is left alone. Once is none: without its locks, what it changes at the moment is read half
     * done.
     */
    private static final int MOST_FAILURES = 20;

    private int failures;
    private @Nullable Look last;
    private @Nullable String className;
    private long completedBefore = -1;
    private long inside;
    private long busySum;
    private int busyMost;
    private int looks;
    private long entered = -1;
    private long arrivalsTaken;
    private long lookedAt;
    private int counts;
    private long looked;
    private long arrived;
    private double arrivalSquares;

    static void redaction(@Nullable UnaryOperator<String> wanted) {
        redaction = wanted;
    }

    /** Takes a look, if the pool can be looked into without waiting. */
    void look(Object pool, PoolStat stat) {
        if (failures >= MOST_FAILURES) {
            return;
        }
        try {
            Look look = stat.reader.look(pool, stat);
            failures = 0;
            if (look != null) {
                if (completedBefore < 0) {
                    begin(look, stat.submits - stat.rejections.get());
                }
                last = look;
                busySum += look.busy;
                busyMost = Math.max(busyMost, look.busy);
                looks++;
                countArrivals(pool, stat, look);
            }
        } catch (Throwable unreadable) {
            if (++failures == MOST_FAILURES) {
                Switches.fault();
            }
        }
    }

    /** Arrivals since the look before; the few that were under way between queue and thread count with the next. */
    private void countArrivals(Object pool, PoolStat stat, Look look) {
        if (stat.scheduled || pool instanceof ForkJoinPool) {
            return; // what arrives is not counted
        }
        long now = stat.reader.counts()
                ? arrivalsTaken + stat.arrivals.get()
                : look.completed + look.busy + Math.max(0, look.depth);
        long at = System.nanoTime();
        if (entered >= 0 && at > lookedAt) {
            long since = Math.max(0, now - entered);
            arrivalSquares += since * (since * NANOS_PER_SECOND / (at - lookedAt));
            arrived += since;
            looked += at - lookedAt;
            counts++;
        }
        lookedAt = at;
        entered = Math.max(entered, now);
    }

    /** Of the tasks of a pool seen for the first time, those submitted since it was found count for this interval. */
    private void begin(Look look, long submitted) {
        long insideNow = look.busy + Math.max(0L, look.depth);
        long completions = Math.min(look.completed, Math.max(0, submitted - insideNow));
        completedBefore = look.completed - completions;
        inside = completions + insideNow - submitted;
    }

    /** The totals since the last row. */
    PoolRow row(Object pool, PoolStat stat, long interval) {
        Look look = last;
        if (look == null) {
            look = new Look(-1, -1, -1, 0, -1, -1, 0, null);
        }
        Sums served = new Sums();
        stat.serviceTimes.drain(served);
        long completions = completions(stat, look, served);
        long insideNow = look.busy + Math.max(0L, look.depth);
        long arrivals = stat.scheduled || pool instanceof ForkJoinPool
                ? completions
                : stat.reader.counts() ? stat.arrivals.getAndSet(0) : Math.max(0, completions + insideNow - inside);
        completedBefore = look.completed;
        arrivalsTaken += arrivals;
        // a task that has just been counted as done can still be among the busy: what was one too many is taken off
        // later
        inside = insideNow - Math.min(0, completions + insideNow - inside);
        long busyTime = looks == 0 ? 0 : busySum * interval / looks;
        PoolRow row = row(pool, stat, interval, look, busyTime, arrivals, completions, served);
        busySum = 0;
        busyMost = 0;
        looks = 0;
        counts = 0;
        looked = 0;
        arrived = 0;
        arrivalSquares = 0;
        return row;
    }

    private long completions(PoolStat stat, Look look, Sums served) {
        if (stat.reader instanceof SlotReader) {
            return served.count + stat.completions.getAndSet(0); // those timed and those not
        }
        if (stat.reader.counts()) {
            return stat.completions.getAndSet(0);
        }
        return completedBefore < 0 ? 0 : Math.max(0, look.completed - completedBefore);
    }

    private PoolRow row(
            Object pool,
            PoolStat stat,
            long interval,
            Look look,
            long busyTime,
            long arrivals,
            long completions,
            Sums served) {
        Sums queued = new Sums();
        stat.queueTimes.drain(queued);
        boolean slots = stat.reader instanceof SlotReader;
        SlotUses.Held oldest = stat.oldest;
        stat.oldest = null;
        if (slots) {
            stat.starts = 0;
        }
        return new PoolRow(
                className(pool, stat),
                stat.id,
                redacted(look.name),
                stat.scheduled ? "scheduled" : stat.virtual ? "virtual-threads" : stat.reader.type(),
                look.size,
                look.core,
                look.max == Integer.MAX_VALUE ? -1 : look.max,
                look.busy,
                busyTime,
                Math.max(0, look.depth),
                look.capacity,
                arrivals,
                completions,
                stat.rejections.getAndSet(0),
                served.count,
                queued.sum,
                served.sum,
                stat.serviceSquares.getAndSet(0),
                stat.cpu.getAndSet(0),
                stat.cpuService.getAndSet(0),
                queued.histogram(),
                served.histogram(),
                slots ? Math.max(0, look.depth) : 0,
                counts,
                looked,
                arrived,
                Math.max(look.busy, busyMost),
                arrivalSquares,
                slots && completions == 0 && look.depth > 0 && stat.reader instanceof SlotReader reader
                        ? reader.holdersWaiting(stat)
                        : 0,
                oldest == null ? null : redacted(oldest.holder().getName()),
                oldest == null ? 0 : Math.max(0, System.nanoTime() - oldest.since()),
                oldest == null || oldest.site() == null ? null : oldest.site().text(),
                interval);
    }

    private String className(Object pool, PoolStat stat) {
        String known = className;
        if (known == null) {
            try {
                known = stat.reader.className(pool);
            } catch (Throwable unreadable) {
                Switches.fault();
                known = pool.getClass().getName();
            }
            className = known;
        }
        return known;
    }

    private static @Nullable String redacted(@Nullable String name) {
        UnaryOperator<String> redact = redaction;
        return name == null || redact == null ? name : redact.apply(name);
    }
}
