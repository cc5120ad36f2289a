// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.HashSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of pools from their fields, since their getters can be overridden.
 *
 * <p>A ThreadPoolExecutor's workers are read under its main lock, as the JDK does; if it is not free we go without.
 */
final class PoolAccess {
    private static final @Nullable MethodHandle QUEUE = field("workQueue", BlockingQueue.class);
    private static final @Nullable MethodHandle MAIN_LOCK = field("mainLock", ReentrantLock.class);
    private static final @Nullable MethodHandle WORKERS = field("workers", HashSet.class);
    private static final @Nullable MethodHandle COMPLETED = field("completedTaskCount", long.class);
    private static final @Nullable MethodHandle CORE = field("corePoolSize", int.class);
    private static final @Nullable MethodHandle MAX = field("maximumPoolSize", int.class);
    private static final @Nullable MethodHandle WORKER_COMPLETED =
            Access.getter(Types.POOL_WORKER, "completedTasks", long.class);
    private static final @Nullable MethodHandle WORKER_THREAD =
            Access.getter(Types.POOL_WORKER, "thread", Thread.class);
    private static final @Nullable MethodHandle DUE = Access.getter(Types.SCHEDULED_TASK, "time", long.class);

    private static final @Nullable MethodHandle FORK_SIZE = forkJoin("getPoolSize", int.class);
    private static final @Nullable MethodHandle FORK_PARALLELISM = forkJoin("getParallelism", int.class);
    private static final @Nullable MethodHandle FORK_ACTIVE = forkJoin("getActiveThreadCount", int.class);
    private static final @Nullable MethodHandle FORK_SUBMITTED = forkJoin("getQueuedSubmissionCount", int.class);
    private static final @Nullable MethodHandle FORK_QUEUED = forkJoin("getQueuedTaskCount", long.class);
    private static final @Nullable MethodHandle FORK_STOLEN = forkJoin("getStealCount", long.class);
    private static final @Nullable MethodHandle FORK_NAME =
            Access.getter(ForkJoinPool.class, "workerNamePrefix", String.class);

    private PoolAccess() {}

    static boolean reachable() {
        return QUEUE != null && MAIN_LOCK != null && WORKERS != null;
    }

    static @Nullable Object workQueue(Object pool) throws Throwable {
        return QUEUE == null ? null : Access.object(QUEUE, pool);
    }

    /** When a scheduled task of the JDK was to run, on the clock of System.nanoTime. */
    static long dueAt(Object task) throws Throwable {
        return DUE == null ? System.nanoTime() : Access.bigNumber(DUE, task);
    }

    /** Null if the pool is changing its workers at this moment, or its fields are out of reach. */
    static PoolView.@Nullable Look threadPool(Object pool, @Nullable Object queue) throws Throwable {
        if (MAIN_LOCK == null || WORKERS == null || COMPLETED == null) {
            return null;
        }
        ReentrantLock mainLock = (ReentrantLock) Access.object(MAIN_LOCK, pool);
        if (!mainLock.tryLock()) {
            return null;
        }
        try {
            HashSet<?> workers = (HashSet<?>) Access.object(WORKERS, pool);
            long completed = Access.bigNumber(COMPLETED, pool);
            int busy = 0;
            String name = null;
            for (Object worker : workers) {
                completed += WORKER_COMPLETED == null ? 0 : Access.bigNumber(WORKER_COMPLETED, worker);
                busy += Access.owner(worker) == null ? 0 : 1; // a worker holds itself while it runs a task
                if (name == null && WORKER_THREAD != null) {
                    name = pattern(Access.thread(WORKER_THREAD, worker));
                }
            }
            return new PoolView.Look(
                    workers.size(),
                    CORE == null ? -1 : Access.number(CORE, pool),
                    MAX == null ? -1 : Access.number(MAX, pool),
                    busy,
                    queue == null ? -1 : QueueAccess.depth(queue),
                    queue == null ? -1 : QueueAccess.capacity(queue),
                    completed,
                    name);
        } finally {
            mainLock.unlock();
        }
    }

    static PoolView.@Nullable Look forkJoin(Object pool) throws Throwable {
        if (FORK_SIZE == null || FORK_PARALLELISM == null || FORK_ACTIVE == null || FORK_STOLEN == null) {
            return null;
        }
        int parallelism = Access.number(FORK_PARALLELISM, pool);
        long depth = (FORK_QUEUED == null ? 0 : Access.bigNumber(FORK_QUEUED, pool))
                + (FORK_SUBMITTED == null ? 0 : Access.number(FORK_SUBMITTED, pool));
        String prefix = FORK_NAME == null ? null : (String) Access.object(FORK_NAME, pool);
        return new PoolView.Look(
                Access.number(FORK_SIZE, pool),
                parallelism,
                parallelism,
                Access.number(FORK_ACTIVE, pool),
                (int) Math.min(Integer.MAX_VALUE, depth),
                -1,
                Access.bigNumber(FORK_STOLEN, pool),
                prefix == null
                        ? "ForkJoinPool.commonPool-worker-#"
                        : masked(prefix).concat("#"));
    }

    private static @Nullable String pattern(@Nullable Thread thread) {
        return thread == null ? null : masked(thread.getName());
    }

    /** The name with every run of digits replaced by #. */
    static String masked(String name) {
        StringBuilder masked = new StringBuilder(name.length());
        boolean inDigits = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit) {
                masked.append(c);
            } else if (!inDigits) {
                masked.append('#');
            }
            inDigits = digit;
        }
        return masked.toString();
    }

    private static @Nullable MethodHandle field(String name, Class<?> type) {
        return Access.getter(ThreadPoolExecutor.class, name, type);
    }

    private static @Nullable MethodHandle forkJoin(String name, Class<?> type) {
        return Access.nonVirtual(ForkJoinPool.class, name, type);
    }
}
