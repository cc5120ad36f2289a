// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long the threads of a pool were busy, from the time they did not wait for work: waits are counted one by one, where the count of busy
 * threads is looked up five times a second.
 */
final class BusyTime {
    /** What the waits that cross the ends of the time may add up to, as a share of the busy time. */
    private static final double EDGES = 0.02;

    /** As far as the looks may be from it: other threads can take from the queue, too. */
    private static final double AS_LOOKED = 0.2;

    private static final double AS_LOOKED_THREADS = 0.5;

    private BusyTime() {}

    /**
     * Nanoseconds; empty if the waits do not tell.
     *
     * @param idle nanoseconds its threads waited for work, by the waits that ended
     * @param looked nanoseconds busy, by the looks
     */
    static OptionalLong of(List<Second.PoolCell> pool, long idle, long looked) {
        double interval = 0;
        double alive = 0;
        double tasks = 0;
        for (Second.PoolCell cell : pool) {
            double length = cell.fact().interval().toNanos();
            interval += length;
            alive += length * cell.fact().size();
            tasks += cell.fact().completions();
        }
        double busy = alive - idle;
        if (idle == 0 || busy <= 0 || tasks == 0 || !withoutGap(pool, interval)) {
            return OptionalLong.empty();
        }
        // threads that wait at a moment × length of a wait, of which there is one for each task that finds a thread
        // waiting
        double edges = idle / interval * (alive / tasks);
        boolean asLooked = Math.abs(busy - looked) <= AS_LOOKED * looked + AS_LOOKED_THREADS * interval;
        return edges <= EDGES * busy && asLooked ? OptionalLong.of((long) busy) : OptionalLong.empty();
    }

    /** A pool in which nothing happens is told of once in ten seconds. */
    private static boolean withoutGap(List<Second.PoolCell> pool, double interval) {
        Fact.PoolTotals first = pool.get(0).fact();
        Fact.PoolTotals last = pool.get(pool.size() - 1).fact();
        Duration all = Duration.between(first.at(), last.at()).plus(first.interval());
        return all.toNanos() <= interval * (1 + EDGES);
    }
}
