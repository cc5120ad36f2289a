// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Called by woven thread pools when a task comes, starts, ends or is refused.
 *
 * <p>How many tasks there were is read from the pool itself once a second; the hooks only take the times of one task in
 * {@link #TIMED}, and of the first few of a second, so that a task costs a look into a table.
 */
public final class PoolHooks {
    /** Timing every task doubled the cost of an empty one (measured: 117 to 277 ns), one in 64 was not measurable. */
    static final int TIMED = 64;

    static final PoolTable POOLS = new PoolTable();

    private PoolHooks() {}

    /** Makes a pool known that had its threads before we came; what is no pool we know is left alone. */
    public static void register(Object pool) {
        try {
            POOLS.find(pool);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** Makes the library's pool known to which the thread, or what it runs, belongs; anything else is left alone. */
    public static void registerPoolOf(Object worker) {
        try {
            Object pool = PoolReader.poolOf(worker);
            if (pool != null) {
                POOLS.find(pool);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A task is handed to the pool by the current thread. */
    public static void submitted(Object pool, @Nullable Object task) {
        if (!Switches.enabled || task == null) {
            return;
        }
        try {
            PoolStat stat = POOLS.find(pool);
            if (stat == null) {
                return;
            }
            boolean turn = (stat.submits++ & (TIMED - 1)) == 0;
            if (!stat.scheduled && (stat.takesFree() || turn)) {
                stat.await(task, System.nanoTime());
            }
            if (turn) {
                event(stat, task);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** The pool refuses a task. */
    public static void rejected(Object pool) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = POOLS.find(pool);
            if (stat != null && (stat.reader != WorkerPoolReader.JDK || WorkerPoolReader.JDK.refuses(pool))) {
                stat.rejections.getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** The pool starts a thread for a task: its times are not taken, since it never was in the queue. */
    public static void workerAdded(Object pool, @Nullable Object firstTask) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = POOLS.find(pool);
            if (stat != null && firstTask != null) {
                stat.awaited(firstTask);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A worker asks for a task: the one before has ended. */
    public static void beforeTask(Object pool) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = POOLS.find(pool);
            if (stat != null) {
                LoopHooks.beforeTask(pool, stat);
                TaskClock.ended(Thread.currentThread());
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A worker has got a task and is about to run it; null if it is to end. */
    public static void afterTask(Object pool, @Nullable Object task) {
        if (!Switches.enabled || task == null) {
            return;
        }
        try {
            PoolStat stat = POOLS.find(pool);
            if (stat == null) {
                return;
            }
            LoopHooks.afterTask(stat);
            if (stat.scheduled) {
                if (stat.takesTurn() && task.getClass() == Types.SCHEDULED_TASK) {
                    TaskClock.started(Thread.currentThread(), stat, task, PoolAccess.dueAt(task));
                }
                return;
            }
            long submittedAt = stat.awaited(task);
            if (submittedAt != 0) {
                TaskClock.started(Thread.currentThread(), stat, task, submittedAt);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    private static void event(PoolStat stat, Object task) {
        Thread current = Thread.currentThread();
        if (Switches.events && WaitHooks.LIMITER.takeSpare() && Reentry.enter(current)) {
            try {
                Object queue = stat.queue();
                JfrWaits.task(stat.id, task.getClass(), queue == null ? -1 : QueueAccess.cheapDepth(queue));
            } finally {
                Reentry.leave(current);
            }
        }
    }
}
