// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Called when a thread of Kotlin's scheduler begins and ends a task: what a coroutine does from one suspension to the next. */
public final class CoroutineHooks {
    private CoroutineHooks() {}

    /**
     * A task is about to run on the current thread.
     *
     * @param pool the scheduler
     */
    public static void starts(Object pool, Object task) {
        if (!Switches.enabled) {
            return;
        }
        try {
            Thread current = Thread.currentThread();
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null
                    && stat.reader instanceof CoroutineReader reader
                    && stat.takesTurn()
                    && reader.holdsPermit(current)) {
                TaskClock.started(current, stat, task, reader.submittedAt(task));
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** It has run, be it to an exception. */
    public static void ends(Object pool) {
        if (!Switches.enabled) {
            return;
        }
        try {
            Thread current = Thread.currentThread();
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat != null && stat.reader instanceof CoroutineReader reader && reader.holdsPermit(current)) {
                TaskClock.ended(current);
                stat.completions.getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }
}
