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
    /** Seconds of which nothing was told, as a share of all. */
    private static final double GAPS = 0.02;

    /** As far as the looks may be from it: other threads can take from the queue, too, or wait since before we came. */
    private static final double AS_LOOKED = 0.2;

    private static final double AS_LOOKED_THREADS = 0.5;

    /** Looks that find nobody busy say that all were for less than three of them in sum, with 95 % (the rule of three). */
    private static final Duration THREE_LOOKS = Duration.ofMillis(600);

    private BusyTime() {}

    /**
     * Nanoseconds; empty if the waits do not tell.
     *
     * @param idle nanoseconds its threads waited for work
     * @param looked nanoseconds busy, by the looks
     */
    static OptionalLong of(List<Second.PoolCell> pool, long idle, long looked) {
        int size = pool.get(0).fact().size();
        long interval = 0;
        for (Second.PoolCell cell : pool) {
            if (cell.fact().size() != size) {
                return OptionalLong.empty(); // from when on a thread lived is not known
            }
            interval += cell.fact().interval().toNanos();
        }
        long busy = interval * size - idle;
        if (idle == 0 || busy <= 0 || !withoutGap(pool, interval)) {
            return OptionalLong.empty();
        }
        if (looked == 0 && busy > THREE_LOOKS.toNanos()) {
            return OptionalLong.empty();
        }
        boolean asLooked = Math.abs(busy - looked) <= AS_LOOKED * looked + AS_LOOKED_THREADS * interval;
        return asLooked ? OptionalLong.of(busy) : OptionalLong.empty();
    }

    /** A pool in which nothing happens is told of once in ten seconds. */
    private static boolean withoutGap(List<Second.PoolCell> pool, long interval) {
        Fact.PoolTotals first = pool.get(0).fact();
        Fact.PoolTotals last = pool.get(pool.size() - 1).fact();
        Duration all = Duration.between(first.at(), last.at()).plus(first.interval());
        return all.toNanos() <= interval * (1 + GAPS);
    }
}
