// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.List;

/**
 * Finds unbounded work queues that only grow.
 *
 * <p>Growth of one task a second and 2 % of the arrivals for at least four seconds, to a depth of 100 and the deepest at the end: a burst that
 * is being worked off has its deepest point behind it.
 */
record PoolQueueGrowthRule(int minDepth, double minPerSecond, double minShare, int minSeconds)
        implements Rule<PoolWindow> {
    static final PoolQueueGrowthRule DEFAULT = new PoolQueueGrowthRule(100, 1, 0.02, 4);
    /** A small task with its FutureTask and node; the text says that it is an assumption. */
    private static final int BYTES_PER_TASK = 200;

    /** All threads are busy, as in {@link PoolUndersizedRule}. */
    private static final double MIN_UTILISATION = 0.85;

    private static final double GIGABYTE = 1e9;

    @Override
    public Kind kind() {
        return Kind.POOL_QUEUE_GROWTH;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        double growth = pool.growthPerSecond();
        // until the longest delay has passed, a scheduler's queue grows with tasks that are not due
        boolean due = !Schedulers.is(pool) || pool.utilisation() >= MIN_UTILISATION;
        boolean grows = trouble.ofThreads()
                && trouble.unbounded()
                && due
                && pool.queueDepth() >= minDepth
                && growth >= minPerSecond
                && growth >= minShare * pool.arrivalsPerSecond()
                && pool.queueDepth() >= 0.95 * pool.queueDepthMax();
        if (!grows) {
            return Verdict.CLEAR;
        }
        if (pool.seconds() < minSeconds) {
            return notYet(pool.name() + ": its queue grows, but it was seen for " + pool.seconds() + " s only");
        }
        Duration left = Duration.ofSeconds((long) Math.min(1e9, GIGABYTE / (growth * BYTES_PER_TASK)));
        Text text = new Text(
                "The queue of %s grows by %s tasks a second and holds %s; it has no bound."
                        .formatted(pool.name(), Words.number(growth), Words.number(pool.queueDepth())),
                "%s tasks arrive a second, %s are done by %s."
                        .formatted(
                                Words.number(pool.arrivalsPerSecond()),
                                Words.number(pool.completionsPerSecond()),
                                Words.count(pool.size(), "thread")),
                "A task that arrives now waits "
                        + Words.millis(1e3 * pool.queueDepth() / Math.max(1e-3, pool.completionsPerSecond()))
                        + "; each gigabyte of free memory lasts " + Words.time(left) + " if a task takes "
                        + BYTES_PER_TASK + " bytes.",
                "Give the queue of " + pool.name() + " a bound and say what happens when it is full"
                        + trouble.atSubmitter() + ", or make the tasks cheaper.",
                "With a bound the wait is at most bound ÷ " + Words.number(pool.completionsPerSecond()) + " s.",
                "Exact: depth and counts each second; the memory of a task is an assumption.",
                "At least %d tasks, growing by %s a second to the end of the range; here %s and %s."
                        .formatted(
                                minDepth,
                                Words.number(minPerSecond),
                                Words.number(pool.queueDepth()),
                                Words.number(growth)));
        return new Verdict.Found(new Finding.PoolQueueGrowth(
                trouble.details(text, new Impact(pool.queueDepthMean(), pool.size()), List.of()), pool));
    }
}
