// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Called by woven thread pools of libraries that do not count their tasks: Jetty's and jboss-threads'. */
public final class TaskHooks {
    private TaskHooks() {}

    /** A task is handed to the pool by the current thread. */
    public static void submitted(Object pool, @Nullable Object task) {
        if (!Switches.enabled || task == null) {
            return;
        }
        count(pool, true);
        PoolHooks.submitted(pool, task);
    }

    /** A thread of the pool begins a task. */
    public static void started(Object pool, @Nullable Object task) {
        PoolHooks.afterTask(pool, task);
    }

    /** It has ended it, be it by an exception. */
    public static void ended(Object pool) {
        if (!Switches.enabled) {
            return;
        }
        count(pool, false);
        PoolHooks.beforeTask(pool);
    }

    private static void count(Object pool, boolean arrival) {
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                (arrival ? stat.arrivals : stat.completions).getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }
}
