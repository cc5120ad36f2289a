// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Called when a job of Quartz begins and ends, on the thread that runs it.
 *
 * <p>Jobs are few, so the fields are looked up each time. A scheduler that runs its jobs in an executor of the JDK is seen there.
 */
public final class QuartzHooks {
    private static final String WORKER = QuartzReader.POOL + "$WorkerThread";
    private static final long MILLI = 1_000_000;

    private QuartzHooks() {}

    /**
     * A job is due and has a thread.
     *
     * @param shell runs it once
     */
    public static void starts(Object shell) {
        if (!Switches.enabled) {
            return;
        }
        try {
            Thread current = Thread.currentThread();
            PoolStat stat = of(current);
            if (stat != null && stat.takesTurn()) {
                TaskClock.started(current, stat, shell, System.nanoTime() - late(shell));
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** It has ended, be it by an exception. */
    public static void ends() {
        if (!Switches.enabled) {
            return;
        }
        try {
            Thread current = Thread.currentThread();
            PoolStat stat = of(current);
            if (stat != null) {
                TaskClock.ended(current);
                stat.completions.getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    private static @Nullable PoolStat of(Thread current) throws Throwable {
        Object pool = current.getClass().getName().equals(WORKER) ? new FieldExpression("tp").object(current) : null;
        return pool == null ? null : PoolHooks.POOLS.find(pool);
    }

    private static long late(Object shell) throws Throwable {
        long due = new FieldExpression("firedTriggerBundle.scheduledFireTime.fastTime").number(shell); // of a Date
        return due < 0 ? 0 : Math.max(0, System.currentTimeMillis() - due) * MILLI;
    }
}
