// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds pools whose tasks come in bursts and wait far longer than they run, though the threads have nothing to do at other times.
 *
 * <p>A mean over the time, as the model of {@link Advice} needs, says nothing of a burst; what its tasks waited does: by Little's law, since of tasks that
 * come all at once only the first few are timed. More threads shorten the wait as far as the cores can run more and the tasks do not stand in line.
 */
record PoolBurstsRule(double minUtilisation, double minWaitRatio, Duration minWait) implements Rule<PoolWindow> {
    /** A thread that has work for a quarter of the time is no leftover; people notice half a second. */
    static final PoolBurstsRule DEFAULT = new PoolBurstsRule(0.25, 10, Duration.ofMillis(500));

    private static final int MIN_TASKS = 30;

    /** A look may fall into the moment in which a burst comes. */
    private static final int MIN_SECONDS = 3;

    private static final int GAIN = 2;
    private static final double MOST_IN_LINE = 0.5;

    @Override
    public Kind kind() {
        return Kind.POOL_UNDERSIZED;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        boolean often = pool.size() > 0
                && pool.utilisation() >= minUtilisation
                && pool.utilisation() < PoolUndersizedRule.DEFAULT.minUtilisation();
        boolean waits = pool.completions() >= MIN_TASKS
                && queued(pool).compareTo(minWait) >= 0
                && queued(pool).toNanos() >= minWaitRatio * served(pool).toNanos()
                && pool.queueDepths().stream().filter(depth -> depth > 0).count() >= MIN_SECONDS;
        boolean timesAll = pool.type().equals("threads") && !PoolSettings.limits(pool);
        if (!often || !waits || !timesAll || pool.busyMax() < pool.size() || pool.queueDepthMean() < 1) {
            return Verdict.CLEAR;
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        Advice advice = Advice.of(pool);
        int more = pool.size() * GAIN;
        boolean room = !Double.isNaN(pool.cpuShare()) && (advice.cpuBound() == 0 || advice.cpuBound() >= more);
        return !room || trouble.inLine() >= MOST_IN_LINE ? Verdict.CLEAR : new Verdict.Found(finding(trouble, more));
    }

    private static Duration queued(PoolWindow pool) {
        return Duration.ofNanos((long) (1e9 * pool.queueDepthMean() / Math.max(1e-9, pool.completionsPerSecond())));
    }

    private static Duration served(PoolWindow pool) {
        return Duration.ofNanos((long) (1e9 * new PoolLoad(pool).serviceSeconds()));
    }

    private Finding finding(PoolTrouble trouble, int more) {
        PoolWindow pool = trouble.pool;
        Optional<TaskWaits> tasks = TaskWaits.of(trouble);
        String queued = Words.time(queued(pool));
        String ran = Words.time(served(pool));
        Text text = new Text(
                "Tasks of %s come in bursts: they wait %s %s and run %s, though all threads together are busy for only %s of the time."
                        .formatted(
                                pool.name(),
                                queued,
                                PoolSettings.free(pool, pool.size()),
                                ran,
                                Words.percent(pool.utilisation())),
                "Up to %s are queued at a time.".formatted(Words.count(pool.queueDepthMax(), "task"))
                        + tasks.map(TaskWaits::sentence).orElse(""),
                Words.number(pool.queueDepthMean()) + " tasks wait on average, "
                        + Words.count(pool.queueDepthMax(), "task") + " at most.",
                trouble.resize(more) + trouble.atSubmitter()
                        + ", if somebody waits for the last task of a burst and what the tasks call can bear as many at once.",
                "Twice as many threads about halve the wait; with as many as a burst has tasks none waits.",
                "Task counts are exact; the wait follows from the depth of the queue, which is read each second (Little's law).",
                "A mean queue wait of at least %s and %s times the service time; here %s and %s."
                        .formatted(Words.time(minWait), Words.number(minWaitRatio), queued, ran));
        return new Finding.PoolUndersized(
                trouble.details(
                        text,
                        new Impact(pool.queueDepthMean(), pool.size()),
                        tasks.stream().map(TaskWaits::at).toList()),
                pool,
                more);
    }
}
