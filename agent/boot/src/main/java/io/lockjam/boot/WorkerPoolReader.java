// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a ThreadPoolExecutor or a copy of it.
 *
 * <p>Its workers are read under its main lock, as the JDK does; if that is not free we go without.
 */
final class WorkerPoolReader extends PoolReader {
    static final WorkerPoolReader JDK = new WorkerPoolReader(ThreadPoolExecutor.class, Types.POOL_WORKER);

    /** HikariCP asks for a connection whenever somebody waits, and drops what is asked for already. */
    private static final String DROPS_BY_DESIGN = "com.zaxxer.hikari.";

    private final @Nullable MethodHandle queue;
    private final @Nullable MethodHandle mainLock;
    private final @Nullable MethodHandle workers;
    private final @Nullable MethodHandle completed;
    private final @Nullable MethodHandle core;
    private final @Nullable MethodHandle max;
    private final @Nullable MethodHandle workerCompleted;
    private final @Nullable MethodHandle workerThread;
    private final @Nullable MethodHandle handler;
    private final @Nullable MethodHandle state;

    /** @param worker class of its workers; null if not known, their threads and counts are then absent */
    WorkerPoolReader(Class<?> pool, @Nullable Class<?> worker) {
        queue = Access.getter(pool, "workQueue", BlockingQueue.class);
        mainLock = Access.getter(pool, "mainLock", ReentrantLock.class);
        workers = Access.getter(pool, "workers", HashSet.class);
        completed = Access.getter(pool, "completedTaskCount", long.class);
        core = Access.getter(pool, "corePoolSize", int.class);
        max = Access.getter(pool, "maximumPoolSize", int.class);
        workerCompleted = Access.getter(worker, "completedTasks", long.class);
        workerThread = Access.getter(worker, "thread", Thread.class);
        handler = pool == ThreadPoolExecutor.class
                ? Access.getter(pool, "handler", RejectedExecutionHandler.class)
                : null;
        state = pool == ThreadPoolExecutor.class ? Access.getter(pool, "ctl", AtomicInteger.class) : null;
    }

    boolean reachable() {
        return queue != null && mainLock != null && workers != null;
    }

    /**
     * Whether a task that is about to be rejected is lost to its submitter: not if he runs it himself, and not if the pool has been
     * shut down, or belongs to a library that hands in more than it wants done.
     */
    boolean refuses(Object pool) throws Throwable {
        if (handler == null || state == null) {
            return true;
        }
        Class<?> policy = Access.object(handler, pool).getClass();
        return ((AtomicInteger) Access.object(state, pool)).get() < 0 // running
                && policy != ThreadPoolExecutor.CallerRunsPolicy.class
                && !policy.getName().startsWith(DROPS_BY_DESIGN);
    }

    @Nullable
    Object workQueue(Object pool) throws Throwable {
        return queue == null ? null : Access.object(queue, pool);
    }

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        if (mainLock == null || workers == null || completed == null) {
            return null;
        }
        ReentrantLock lock = (ReentrantLock) Access.object(mainLock, pool);
        if (!lock.tryLock()) {
            return null;
        }
        try {
            return locked(pool, (HashSet<?>) Access.object(workers, pool), stat);
        } finally {
            lock.unlock();
        }
    }

    private PoolView.Look locked(Object pool, Set<?> all, PoolStat stat) throws Throwable {
        Object tasks = stat.queue();
        long done = completed == null ? 0 : Access.bigNumber(completed, pool);
        int busy = 0;
        String name = null;
        int named = 0;
        for (Object worker : all) {
            done += workerCompleted == null ? 0 : Access.bigNumber(workerCompleted, worker);
            busy += Access.owner(worker) == null ? 0 : 1; // a worker holds itself while it runs a task
            if (named++ < PoolAccess.NAMED && workerThread != null) {
                Thread thread = Access.thread(workerThread, worker);
                name = PoolAccess.common(name, thread);
                stat.virtual = Types.VIRTUAL_THREAD != null && Types.VIRTUAL_THREAD.isInstance(thread);
            }
        }
        return new PoolView.Look(
                all.size(),
                core == null ? -1 : Access.number(core, pool),
                max == null ? -1 : Access.number(max, pool),
                busy,
                tasks == null ? -1 : QueueAccess.depth(tasks),
                tasks == null ? -1 : QueueAccess.capacity(tasks),
                done,
                PoolAccess.numbered(name));
    }

    @Override
    boolean counts() {
        return false;
    }
}
