// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Looks into a {@link java.util.Timer}: a scheduler of one thread, known by the queue of its tasks. */
final class TimerReader extends PoolReader {
    static final String POOL = "java.util.TaskQueue";

    private static final @Nullable MethodHandle SIZE = Access.getter(Types.TIMER_QUEUE, "size", int.class);

    private volatile WeakReference<@Nullable Thread> thread = new WeakReference<>(null);
    private volatile boolean runs;
    /** A task that repeats stays in the queue while it runs. */
    private volatile boolean repeats;

    /** The timer's thread takes a task. */
    void starts(Thread current, boolean again) {
        if (!thread.refersTo(current)) {
            thread = new WeakReference<>(current);
        }
        repeats = again;
        runs = true;
    }

    /** Whether a task that was seen to start has ended; true once. */
    boolean ends() {
        boolean ran = runs;
        runs = false;
        return ran;
    }

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        Thread worker = thread.get();
        if (SIZE == null || worker == null) {
            return null;
        }
        int size = worker.isAlive() ? 1 : 0; // a task that throws ends the thread
        int busy = runs ? size : 0;
        int tasks = Access.number(SIZE, pool);
        return new PoolView.Look(
                size, 1, 1, busy, Math.max(0, repeats ? tasks - busy : tasks), -1, 0, PoolAccess.pattern(worker));
    }

    @Override
    String type() {
        return "scheduled";
    }

    @Override
    String className(Object pool) {
        return "java.util.Timer";
    }
}
