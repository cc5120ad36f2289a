// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long threads have been waiting that still do: how many there are and the sum of their begins, in one word, so that both are of one moment.
 *
 * <p>Begins are kept in units of 2^16 ns, and modulo 2^30 of them: 16,384 threads fit, and once in 19 hours the figure is wrong until the waits
 * that began before have ended.
 */
final class Since {
    private static final int UNIT = 16;
    private static final int COUNT = 44;
    private static final long BEGINS = (1L << 30) - 1;
    private static final long SUM = (1L << COUNT) - 1;

    private final AtomicLong word = new AtomicLong();

    /** Waits under way at the last flush, and what was told too much of one that ended during it; the agent's thread only. */
    private long before;

    private long owed;

    void enter(long begin) {
        word.getAndAdd(one(begin));
    }

    void leave(long begin) {
        word.getAndAdd(-one(begin));
    }

    /**
     * Nanoseconds waited since the last call.
     *
     * @param ended length of the waits that ended since then
     */
    long waited(long ended, long now) {
        long current = word.get();
        long underWay = ((current >>> COUNT) * begin(now) - (current & SUM)) << UNIT;
        long waited = ended + underWay - before + owed;
        before = underWay;
        owed = Math.min(0, waited);
        return Math.max(0, waited);
    }

    private static long one(long begin) {
        return (1L << COUNT) + begin(begin);
    }

    private static long begin(long nanos) {
        return (nanos >>> UNIT) & BEGINS;
    }
}
