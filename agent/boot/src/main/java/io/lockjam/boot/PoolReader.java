// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Looks into pools of one kind, on the agent's thread. */
abstract class PoolReader {
    private static final Set<String> OF_LIBRARIES = Set.of(
            TomcatReader.POOL, JettyReader.POOL, EnhancedQueueReader.POOL, CoroutineReader.POOL, QuartzReader.POOL);

    /** Where a worker has its pool: javac of 18 and later leaves the first out if nothing uses it, and Quartz keeps the second. */
    private static final String OF_WORKER = "this$0|tp";

    /** Null if the pool is no thread pool of the JDK, none of a library we know, and lends no slots. */
    static @Nullable PoolReader of(Object pool) {
        if (pool instanceof ThreadPoolExecutor) {
            return WorkerPoolReader.JDK;
        }
        if (pool instanceof ForkJoinPool fork) {
            return CarrierReader.carries(fork) ? new CarrierReader() : ForkJoinReader.ONLY;
        }
        if (PerTaskReader.isPerTask(pool.getClass())) {
            return new PerTaskReader(pool.getClass());
        }
        if (Types.TIMER_QUEUE != null && Types.TIMER_QUEUE.isInstance(pool)) {
            return new TimerReader();
        }
        for (Class<?> each = pool.getClass(); each != null; each = each.getSuperclass()) {
            PoolReader ofLibrary = ofLibrary(each);
            if (ofLibrary != null) {
                return ofLibrary;
            }
        }
        SlotLibrary library = SlotLibrary.of(pool.getClass());
        return library == null ? null : new SlotReader(library);
    }

    private static @Nullable PoolReader ofLibrary(Class<?> type) {
        return switch (type.getName()) {
            case TomcatReader.POOL -> new TomcatReader(type);
            case JettyReader.POOL -> new JettyReader();
            case EnhancedQueueReader.POOL -> new EnhancedQueueReader();
            case QuartzReader.POOL -> new QuartzReader();
            case CallLimitReader.POOL -> new CallLimitReader();
            case LimitReader.COROUTINES, LimitReader.REACTOR -> new LimitReader();
            case CoroutineReader.POOL -> new CoroutineReader(type);
            default -> null;
        };
    }

    /** The pool of a library in whose class the worker's is an inner one; null if there is none. */
    static @Nullable Object poolOf(Object worker) throws Throwable {
        String type = worker.getClass().getName();
        int outer = type.indexOf('$');
        return outer > 0 && OF_LIBRARIES.contains(type.substring(0, outer))
                ? new FieldExpression(OF_WORKER).object(worker)
                : null;
    }

    /** What can be seen at this moment; null if the pool cannot be looked into without waiting. */
    abstract PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable;

    /** As in {@code io.lockjam.event.PoolTotalsEvent}. */
    String type() {
        return "threads";
    }

    /** Whether the hooks count what comes and ends, because the pool does not. */
    boolean counts() {
        return true;
    }

    /** The class that people know the pool by. */
    String className(Object pool) throws Throwable {
        return pool.getClass().getName();
    }
}
