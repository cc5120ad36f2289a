// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.PoolHooks;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pools that had their threads before we came, from those threads, without a walk of the heap.
 *
 * <p>A worker that a thread factory has hidden too well is not known here; the hooks meet its pool with its next task.
 */
final class PoolFinder {
    private final ThreadAccess access;
    private final MethodHandle task;
    private final @Nullable MethodHandle holder; // 19 and later: where Thread keeps its runnable
    private final Class<?> worker;
    private final MethodHandle ofWorker;
    private final MethodHandle ofForkJoin;
    private long newest = -1;

    PoolFinder(ThreadAccess access) throws ReflectiveOperationException {
        this.access = access;
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        if (Runtime.version().feature() >= 19) {
            Class<?> holderType = Class.forName("java.lang.Thread$FieldHolder", false, null);
            holder = lookup.findGetter(Thread.class, "holder", holderType)
                    .asType(MethodType.methodType(Object.class, Thread.class));
            task = lookup.findGetter(holderType, "task", Runnable.class)
                    .asType(MethodType.methodType(Object.class, Object.class));
        } else {
            holder = null;
            task = lookup.findGetter(Thread.class, "target", Runnable.class)
                    .asType(MethodType.methodType(Object.class, Object.class));
        }
        worker = Class.forName("java.util.concurrent.ThreadPoolExecutor$Worker", false, null);
        ofWorker = MethodHandles.privateLookupIn(worker, MethodHandles.lookup())
                .findGetter(worker, "this$0", ThreadPoolExecutor.class);
        ofForkJoin = MethodHandles.privateLookupIn(ForkJoinWorkerThread.class, MethodHandles.lookup())
                .findGetter(ForkJoinWorkerThread.class, "pool", ForkJoinPool.class);
    }

    /** Makes the pools of all threads known that are younger than those of the last call; all of them at the first. */
    void look() throws Throwable {
        long youngest = newest;
        for (Thread thread : access.platformThreads()) {
            long id = access.id(thread);
            if (id > newest) {
                register(thread);
                youngest = Math.max(youngest, id);
            }
        }
        newest = youngest;
    }

    private void register(Thread thread) throws Throwable {
        Object pool = pool(thread);
        if (pool != null) {
            PoolHooks.register(pool);
            return;
        }
        PoolHooks.registerPoolOf(thread);
        Object runnable = runnable(thread);
        if (runnable != null) {
            PoolHooks.registerPoolOf(runnable);
        }
    }

    /** The pool of the JDK whose worker the thread is; null if it is none. */
    @Nullable
    Object pool(Thread thread) throws Throwable {
        if (thread instanceof ForkJoinWorkerThread) {
            return ofForkJoin.invoke(thread);
        }
        Object runnable = runnable(thread);
        Object found = WrappedTask.find(runnable == null ? thread : runnable, worker);
        return found == null ? null : ofWorker.invoke(found);
    }

    private @Nullable Object runnable(Thread thread) throws Throwable {
        Object from = thread;
        if (holder != null) {
            from = (Object) holder.invokeExact(thread);
        }
        return from == null ? null : (Object) task.invokeExact(from);
    }
}
