// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Called by woven pools of libraries that do not count their tasks: Jetty's, jboss-threads', and what limits what is under way. */
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

    /** A thread of the pool begins a task; returns whether it counts as running. */
    public static boolean started(Object pool, @Nullable Object task) {
        if (!Switches.enabled) {
            return false;
        }
        boolean counts = false;
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                stat.lent.getAndIncrement();
                counts = true;
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
        PoolHooks.afterTask(pool, task);
        return counts;
    }

    /**
     * It has ended it, be it by an exception.
     *
     * @param counted what {@link #started} said: a task that began before we came does not count as running
     */
    public static void ended(Object pool, boolean counted) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null) {
                stat.completions.getAndIncrement();
                if (counted) {
                    stat.lent.getAndDecrement();
                }
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
        PoolHooks.beforeTask(pool);
    }
}
