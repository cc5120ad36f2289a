// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The tasks being timed at this moment, by the thread that runs them; one that finds its slot taken is not timed. */
final class TaskClock {
    private static final int SLOTS = 1024;
    /** A reading of the CPU clock costs 0.7 µs (measured), two for a task: of timed tasks one in so many. */
    private static final int CPU_TIMED = 4;

    private static final AtomicReferenceArray<@Nullable Running> RUNNING = new AtomicReferenceArray<>(SLOTS);

    private static volatile @Nullable MethodHandle cpuClock;
    private static int turn;

    private TaskClock() {}

    /**
     * A timed task on its thread.
     *
     * @param task its identity
     * @param endedAt 0 while it runs; of a scheduler's tasks the last one is remembered
     */
    private record Running(
            Thread thread, PoolStat pool, int task, long queued, long startedAt, long cpuAtStart, long endedAt) {
        Running ended(long now) {
            return new Running(thread, pool, task, queued, startedAt, cpuAtStart, now);
        }
    }

    static void cpuClock(@Nullable MethodHandle clock) {
        cpuClock = clock;
    }

    /** @param readyAt when the task could have begun: when it was handed in, or fell due */
    static void started(Thread current, PoolStat pool, Object task, long readyAt) {
        long now = System.nanoTime();
        long cpu = (turn++ & (CPU_TIMED - 1)) == 0 ? cpuNanos() : -1;
        int id = System.identityHashCode(task);
        int slot = slot(current);
        long late = now - readyAt;
        Running before = RUNNING.get(slot);
        if (before != null && before.thread == current && before.pool == pool && before.task == id) {
            late = Math.min(
                    late, now - before.endedAt); // it fell due while it ran itself: no other thread could have helped
        }
        RUNNING.set(slot, new Running(current, pool, id, late, now, cpu, 0));
    }

    static void ended(Thread current) {
        int slot = slot(current);
        Running task = RUNNING.get(slot);
        if (task == null || task.thread != current || task.endedAt != 0) {
            return;
        }
        long now = System.nanoTime();
        if (RUNNING.compareAndSet(slot, task, task.pool.scheduled ? task.ended(now) : null)) {
            long cpu = task.cpuAtStart < 0 ? -1 : cpuNanos() - task.cpuAtStart;
            task.pool.add(task.queued, now - task.startedAt, cpu);
        }
    }

    /** Forgets tasks whose threads have died in them. */
    static void clean() {
        for (int slot = 0; slot < SLOTS; slot++) {
            Running task = RUNNING.get(slot);
            if (task != null && !task.thread.isAlive()) {
                RUNNING.compareAndSet(slot, task, null);
            }
        }
    }

    static void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            RUNNING.set(slot, null);
        }
    }

    private static long cpuNanos() {
        MethodHandle clock = cpuClock;
        if (clock == null) {
            return -1;
        }
        try {
            return (long) clock.invokeExact();
        } catch (Throwable virtualThread) {
            return -1; // its CPU time is not known to the JVM
        }
    }

    private static int slot(Thread thread) {
        int hash = System.identityHashCode(thread);
        return (hash ^ (hash >>> 10)) & (SLOTS - 1);
    }
}
