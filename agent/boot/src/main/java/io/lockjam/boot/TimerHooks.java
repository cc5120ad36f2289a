// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/**
 * Called by the queue of a {@link java.util.Timer}, on the timer's thread and under the queue's monitor.
 *
 * <p>The loop of a timer that was there before us never returns, so nothing can be woven into it; but it calls its queue before and
 * after each task.
 */
public final class TimerHooks {
    private static final @Nullable MethodHandle TASKS = Access.getter(Types.TIMER_QUEUE, "queue", TimerTask[].class);

    private static final @Nullable MethodHandle DUE =
            Access.getter(TimerTask.class, "nextExecutionTime", long.class); // ms of the wall clock

    private static final @Nullable MethodHandle STATE = Access.getter(TimerTask.class, "state", int.class);

    private static final int CANCELLED = 3; // TimerTask.CANCELLED
    private static final long MILLI = 1_000_000;

    private TimerHooks() {}

    /**
     * The first task in the queue is due and about to run; or it has been cancelled and is only taken out.
     *
     * @param repeats whether it stays in the queue, with a new time
     */
    public static void starts(Object queue, boolean repeats) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(queue);
            if (stat == null || !(stat.reader instanceof TimerReader reader)) {
                return;
            }
            TimerTask task = first(queue);
            if (task == null || cancelled(task)) {
                return;
            }
            Thread current = Thread.currentThread();
            reader.starts(current, repeats);
            LoopHooks.afterWait();
            if (stat.takesTurn()) {
                TaskClock.started(current, stat, task, System.nanoTime() - late(task));
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** The timer looks for a task: the one before has ended. */
    public static void asks(Object queue) {
        if (!Switches.enabled) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(queue);
            if (stat != null && stat.reader instanceof TimerReader reader && reader.ends()) {
                LoopHooks.beforeWait();
                TaskClock.ended(Thread.currentThread());
                stat.completions.getAndIncrement();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    private static @Nullable TimerTask first(Object queue) throws Throwable {
        return TASKS == null ? null : ((TimerTask[]) Access.object(TASKS, queue))[1]; // a heap that begins at 1
    }

    private static boolean cancelled(TimerTask task) throws Throwable {
        return STATE != null && Access.number(STATE, task) == CANCELLED;
    }

    private static long late(TimerTask task) throws Throwable {
        return DUE == null ? 0 : Math.max(0, System.currentTimeMillis() - Access.bigNumber(DUE, task)) * MILLI;
    }
}
