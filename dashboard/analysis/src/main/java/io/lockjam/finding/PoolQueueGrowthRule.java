// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Finds unbounded work queues that only grow.
 *
 * <p>Growth of one task a second and 2 % of the arrivals for at least four seconds, to a depth of 100 and the deepest at the end: a burst that
 * is being worked off has its deepest point behind it, and one that has just come was not there for half of the range.
 */
record PoolQueueGrowthRule(int minDepth, double minPerSecond, double minShare, int minSeconds)
        implements Rule<PoolWindow> {
    static final PoolQueueGrowthRule DEFAULT = new PoolQueueGrowthRule(100, 1, 0.02, 4);
    /** A small task with its FutureTask and node; the text says that it is an assumption. */
    private static final int BYTES_PER_TASK = 200;

    /** All threads are busy, as in {@link PoolUndersizedRule}. */
    private static final double MIN_UTILISATION = 0.85;

    private static final double GIGABYTE = 1e9;
    private static final String CERTAINTY =
            "Exact: depth and counts each second; the memory of a task is an assumption.";

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
                && pool.queueDepth() >= 0.95 * pool.queueDepthMax()
                && Growth.lasts(pool.queueDepths());
        if (!grows) {
            return Verdict.CLEAR;
        }
        if (pool.seconds() < minSeconds) {
            return notYet(pool.name() + ": its queue grows, but it was seen for " + pool.seconds() + " s only");
        }
        Text text = pool.completions() == 0 ? stands(trouble) : overrun(trouble);
        return new Verdict.Found(new Finding.PoolQueueGrowth(
                trouble.details(text, new Impact(pool.queueDepthMean(), pool.size()), List.of()), pool));
    }

    private Text overrun(PoolTrouble trouble) {
        PoolWindow pool = trouble.pool;
        return new Text(
                grows(pool),
                "%s tasks arrive a second, %s are done by %s."
                        .formatted(
                                Words.number(pool.arrivalsPerSecond()),
                                Words.number(pool.completionsPerSecond()),
                                Words.count(pool.size(), "thread")),
                "A task that arrives now waits "
                        + Words.millis(1e3 * pool.queueDepth() / Math.max(1e-3, pool.completionsPerSecond()))
                        + "; " + memory(pool) + ".",
                PoolSettings.bound(pool) + trouble.atSubmitter() + ", or make the tasks cheaper.",
                "With a bound the wait is at most bound ÷ " + Words.number(pool.completionsPerSecond()) + " s.",
                CERTAINTY,
                threshold(pool));
    }

    /** Of a pool whose threads are all in tasks that do not end. */
    private Text stands(PoolTrouble trouble) {
        PoolWindow pool = trouble.pool;
        Optional<String> does = trouble.workers().stream()
                .flatMap(worker -> does(worker, trouble.all).stream())
                .findFirst();
        return new Text(
                grows(pool),
                "%s tasks arrive a second, and none has ended in %s on %s%s."
                        .formatted(
                                Words.number(pool.arrivalsPerSecond()),
                                Words.time(pool.observed()),
                                Words.count(pool.size(), "thread"),
                                does.map(text -> ": " + text).orElse("")),
                "No task gets on until one of those that run ends; " + memory(pool) + ".",
                "Let the tasks of " + pool.name()
                        + " give up after a time (a time-out for connecting, reading and each wait), and give its queue a bound"
                        + trouble.atSubmitter() + ".",
                "A task that gives up after t seconds lets the pool do at least " + pool.size()
                        + " ÷ t tasks a second.",
                CERTAINTY,
                threshold(pool));
    }

    private static Optional<String> does(ThreadWindow worker, Situation all) {
        Holder seen = all.session().doing(worker.thread(), all.range().to());
        return seen.doing() == Doing.UNKNOWN
                ? Optional.empty()
                : seen.stack()
                        .own()
                        .map(frame ->
                                worker.thread().label() + " " + seen.doing().words() + " at " + Words.place(frame));
    }

    private static String grows(PoolWindow pool) {
        return "The queue of %s grows by %s tasks a second and holds %s; it has no bound."
                .formatted(pool.name(), Words.number(pool.growthPerSecond()), Words.number(pool.queueDepth()));
    }

    private static String memory(PoolWindow pool) {
        double seconds = Math.min(1e9, GIGABYTE / (pool.growthPerSecond() * BYTES_PER_TASK));
        return "each gigabyte of free memory lasts " + Words.time(Duration.ofSeconds((long) seconds))
                + " if a task takes " + BYTES_PER_TASK + " bytes";
    }

    private String threshold(PoolWindow pool) {
        return "At least %d tasks, growing by %s a second to the end of the range; here %s and %s."
                .formatted(
                        minDepth,
                        Words.number(minPerSecond),
                        Words.number(pool.queueDepth()),
                        Words.number(pool.growthPerSecond()));
    }
}
