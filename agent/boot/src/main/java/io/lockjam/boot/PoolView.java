// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.ForkJoinPool;
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

    private @Nullable Look last;
    private long completedBefore = -1;
    private long inside;
    private long busySum;
    private int looks;

    /** Takes a look, if the pool can be looked into without waiting. */
    void look(Object pool, PoolStat stat) {
        try {
            Look look = pool instanceof ForkJoinPool
                    ? PoolAccess.forkJoin(pool)
                    : PoolAccess.threadPool(pool, stat.queue());
            if (look != null) {
                if (completedBefore < 0) {
                    begin(look, stat.submits - stat.rejections.get());
                }
                last = look;
                busySum += look.busy;
                looks++;
            }
        } catch (Throwable unreadable) {
            Switches.fault();
        }
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
        long completions = completedBefore < 0 ? 0 : Math.max(0, look.completed - completedBefore);
        long insideNow = look.busy + Math.max(0L, look.depth);
        long arrivals = stat.scheduled || pool instanceof ForkJoinPool
                ? completions
                : Math.max(0, completions + insideNow - inside);
        completedBefore = look.completed;
        inside = insideNow;
        long busyTime = looks == 0 ? 0 : busySum * interval / looks;
        busySum = 0;
        looks = 0;
        return row(pool, stat, interval, look, busyTime, arrivals, completions);
    }

    private static PoolRow row(
            Object pool, PoolStat stat, long interval, Look look, long busyTime, long arrivals, long completions) {
        Sums queued = new Sums();
        Sums served = new Sums();
        stat.queueTimes.drain(queued);
        stat.serviceTimes.drain(served);
        return new PoolRow(
                pool.getClass().getName(),
                stat.id,
                look.name,
                pool instanceof ForkJoinPool ? "fork-join" : stat.scheduled ? "scheduled" : "threads",
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
                interval);
    }
}
