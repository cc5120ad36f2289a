// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Finds a periodic task that runs longer than its period, so that each run begins later than the one before.
 *
 * <p>Tasks of a scheduler start late for want of a thread or because the same one still runs. Nothing was ever in the queue while it ran: so it is the
 * only one, and waits for nobody but itself.
 */
record OverrunRule(Duration minLate, int minRuns) implements Rule<PoolWindow> {
    static final OverrunRule DEFAULT = new OverrunRule(EventLoopBlockedRule.DEFAULT.minHoldUp(), 5);

    /** Between two runs it is in the queue for a moment. */
    private static final double BUSY = 0.9;

    @Override
    public Kind kind() {
        return Kind.EVENT_LOOP_BLOCKED;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        return isLate(pool) && waitsForItself(pool) && pool.busyMean() >= BUSY && !Schedulers.holdsUp(pool, minLate)
                ? new Verdict.Found(finding(new PoolTrouble(pool, all)))
                : Verdict.CLEAR;
    }

    /** How late the first run after the attach was: of later ones only the wait for others is counted. */
    private boolean isLate(PoolWindow pool) {
        Duration late = Schedulers.latest(pool);
        return pool.timed() >= minRuns && late.compareTo(minLate) >= 0 && late.compareTo(pool.serviceMean()) >= 0;
    }

    /** Whether a scheduler has one task only. */
    static boolean waitsForItself(PoolWindow pool) {
        return Schedulers.showsQueue(pool) && pool.queueDepthMax() == 0 && pool.busyMax() <= 1 && pool.seconds() >= 3;
    }

    private Finding finding(PoolTrouble trouble) {
        PoolWindow pool = trouble.pool;
        Optional<TaskWaits> tasks = TaskWaits.of(trouble);
        String runs = Words.time(pool.serviceMean());
        String late = Words.time(Schedulers.latest(pool));
        String at = tasks.map(task -> " at " + Words.place(task.at().frame())
                        + CalledFrom.of(task.at().stack(), task.at().frame()))
                .orElse("");
        Text text = new Text(
                "The periodic task of %s runs %s, longer than its period: each run starts later, %s late when first seen."
                        .formatted(pool.name(), runs, late),
                "It is the only task of the scheduler, and the next run does not begin before the last one has ended."
                        + tasks.map(TaskWaits::sentence).orElse(""),
                Words.number(pool.completionsPerSecond()) + " runs a second is all that it comes to.",
                "Make the task quicker" + at
                        + ", or give it a period that it can keep: scheduleWithFixedDelay counts from the end of a run. More threads do not help, as one periodic task never runs twice at once.",
                "Runs begin at their time.",
                "Task counts are exact; times rest on " + Words.count(pool.timed(), "timed task") + ".",
                "A run starts late by at least %s and by its own length, with nothing else in the queue; here %s."
                        .formatted(Words.time(minLate), late));
        return new Finding.EventLoopBlocked(trouble.details(
                text, new Impact(1, 1), tasks.map(task -> List.of(task.at())).orElse(List.of())));
    }
}
