// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.ThreadRef;
import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Schedulers of one thread, such as a {@link java.util.Timer}, and how late their tasks start.
 *
 * <p>On one that runs few tasks a second, a task of seconds hurts when others start late by half of the time until they are to run again,
 * in a tenth of all starts. Where all tasks are as long there is no task to blame, only too few threads.
 */
final class Schedulers {
    private static final int MIN_TIMED = 10;
    private static final double MOST = 0.9;
    private static final double HALF = 0.5;
    private static final int FAR_LONGER = 8;

    /** Of Reactor and RxJava: their documentation says that nothing may block their threads. And the one thread that the JDK has for all time-outs. */
    private static final Pattern NEVER_BLOCKED_NAMES = Pattern.compile(
            "(parallel|single|RxComputationThreadPool|RxSingleScheduler)-[#\\d]+|CompletableFutureDelayScheduler");

    private static final Pattern NEVER_BLOCKED_CLASSES = Pattern.compile(
            "reactor\\.core\\.scheduler\\.(Parallel|Single)Scheduler|io\\.reactivex\\..*\\.(Computation|Single)Scheduler");

    /** Of the same libraries, made for what blocks. */
    private static final Pattern MAY_BLOCK =
            Pattern.compile("reactor\\.core\\.scheduler\\.BoundedElasticScheduler.*|io\\.reactivex\\..*\\.IoScheduler");

    private Schedulers() {}

    /** Whether a library forbids calls that wait on the pool's threads. */
    static boolean neverBlocks(PoolWindow pool) {
        return NEVER_BLOCKED_NAMES.matcher(pool.name()).matches()
                || NEVER_BLOCKED_CLASSES.matcher(pool.className()).matches();
    }

    /** Whether a library makes the pool's threads for calls that wait. */
    static boolean mayBlock(PoolWindow pool) {
        return MAY_BLOCK.matcher(pool.className()).matches();
    }

    /** Whether a library makes it of many pools of one thread each, and hands most tasks in to be run at once. */
    static boolean isOfMany(PoolWindow pool) {
        return is(pool)
                && pool.size() > 1
                && (pool.className().startsWith("reactor.core.scheduler.")
                        || pool.className().startsWith("io.reactivex."));
    }

    /** Whether such a one hands a task to the thread whose turn it is, busy or not; those for calls that wait take an idle one first. */
    static boolean takesTurns(PoolWindow pool) {
        return isOfMany(pool) && !mayBlock(pool);
    }

    static boolean is(PoolWindow pool) {
        return pool.type().equals("scheduled");
    }

    static boolean isTimer(PoolWindow pool) {
        return pool.className().equals("java.util.Timer");
    }

    /** Whether its queue holds what waits for a thread and nothing else: the task of a timer is in it while it runs, and jobs of Quartz never are. */
    static boolean showsQueue(PoolWindow pool) {
        return is(pool) && !isTimer(pool) && !pool.className().startsWith("org.quartz.");
    }

    /** Whether it never has a second task, running or in its queue, beside one that is due again as soon as it has ended. */
    static boolean hasOneTask(PoolWindow pool) {
        return showsQueue(pool) && pool.size() == 1 && pool.queueDepthMax() == 0 && pool.busyMean() >= MOST;
    }

    /** Tasks that are due and wait for a thread, by Little's law: others in the queue wait for their time. */
    static double due(PoolWindow pool) {
        return pool.completionsPerSecond() * pool.queueTimeMean().toNanos() / 1e9;
    }

    /** A scheduler never grows beyond its core size, whatever its maximum says. */
    static boolean isAlone(PoolWindow pool) {
        return pool.size() == 1 && (is(pool) ? pool.coreSize() : pool.maxSize()) == 1;
    }

    /** The scheduler whose only thread this is. */
    static Optional<PoolWindow> of(ThreadRef thread, Situation all) {
        return all.pools().stream()
                .filter(pool ->
                        is(pool) && isAlone(pool) && PoolTrouble.group(pool).equals(thread.group()))
                .findFirst();
    }

    /** A tenth of the tasks starts as late or later. */
    static Duration late(PoolWindow pool) {
        return Duration.ofNanos(pool.queueTimes().quantile(MOST));
    }

    static Duration latest(PoolWindow pool) {
        return Duration.ofNanos(pool.queueTimes().quantile(1));
    }

    /** Whether tasks start late because of one that is far longer than most. */
    static boolean holdsUp(PoolWindow pool, Duration least) {
        if (!is(pool) || !isAlone(pool) || pool.timed() < MIN_TIMED || pool.completions() == 0) {
            return false;
        }
        double round = (pool.queueDepthMean() + pool.busyMean()) / pool.completionsPerSecond(); // seconds, Little's law
        long usual = pool.serviceTimes().quantile(HALF);
        return late(pool).compareTo(least) >= 0
                && late(pool).toNanos() / 1e9 >= HALF * round
                && usual * FAR_LONGER <= pool.serviceTimes().quantile(1);
    }

    /** Whether a call is long enough to have a part in it. */
    static boolean hasPart(Duration took, PoolWindow pool) {
        return took.multipliedBy(FAR_LONGER).compareTo(late(pool)) >= 0;
    }
}
