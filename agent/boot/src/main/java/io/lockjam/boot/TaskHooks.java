// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Called by woven pools of libraries that do not count their tasks: Jetty's, jboss-threads' and OkHttp's. */
public final class TaskHooks {
    private TaskHooks() {}

    /** A task has come, or one has ended, in a pool whose tasks are not timed. */
    public static void counted(Object pool, boolean ended) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                (ended ? stat.completions : stat.arrivals).getAndIncrement();
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
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                stat.arrivals.getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
        PoolHooks.submitted(pool, task);
    }

    /** A thread of the pool begins a task. */
    public static void started(Object pool, @Nullable Object task) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                stat.lent.getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
        PoolHooks.afterTask(pool, task);
    }

    /** It has ended it, be it by an exception. */
    public static void ended(Object pool) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                stat.completions.getAndIncrement();
                int busy = stat.lent.get();
                while (busy > 0 && !stat.lent.compareAndSet(busy, busy - 1)) { // 0: begun before we came
                    busy = stat.lent.get();
                }
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
        PoolHooks.beforeTask(pool);
    }
}
