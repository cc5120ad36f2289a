// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses the waits that become single events: a budget a second, half of it for the longest, the rest spread over locks.
 *
 * <p>The thresholds follow the second before: all waits pass while they fit into the budget.
 */
final class Limiter {
    /** Half a millisecond a second at 1 to 2 µs an event with stack (measured: 17 and 25, 30 frames). */
    private static final int DEFAULT_BUDGET = 500;

    /** A lock that was waited for, however rarely, is sampled once in so many nanoseconds. */
    private static final long COVER = 1_000_000_000L;

    private final AtomicInteger left = new AtomicInteger(DEFAULT_BUDGET);
    private volatile int budget = DEFAULT_BUDGET;
    private volatile int every = 1;
    private volatile long longFrom;

    void budget(int perSecond) {
        budget = Math.max(0, perSecond);
        left.set(budget);
    }

    /** Forgets what was before: the first second has its whole budget. */
    void begin() {
        left.set(budget);
        every = 1;
        longFrom = 0;
    }

    /** Whether to make an event of this wait; if so it stands for all since the last one. */
    boolean takes(LockStat stat, long waited, long now) {
        boolean wanted = stat.unsampled.get() >= every || waited >= longFrom || now - stat.sampledAt >= COVER;
        return wanted && take();
    }

    /** As long as half of the budget is left: for events that only say where tasks come from. */
    boolean takeSpare() {
        return left.get() > budget / 2 && take();
    }

    private boolean take() {
        return left.get() > 0 && left.getAndDecrement() > 0;
    }

    /**
     * Begins a new interval.
     *
     * @param last all waits of the interval before
     */
    void refill(long intervalNanos, Sums last) {
        int half = Math.max(1, budget / 2);
        left.set((int) Math.min(2L * budget, budget * Math.max(1, intervalNanos / 1_000_000) / 1_000));
        if (last.count <= budget) {
            every = 1;
            longFrom = 0;
            return;
        }
        every = (int) Math.min(Integer.MAX_VALUE, last.count / half + 1);
        long longer = 0;
        int bucket = Buckets.COUNT - 1;
        while (bucket > 0 && longer + last.buckets[bucket] <= half) {
            longer += last.buckets[bucket];
            bucket--;
        }
        longFrom = Buckets.lowest(Math.min(Buckets.COUNT - 1, bucket + 1));
    }
}
