// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the scheduler behind Kotlin's {@code Dispatchers.Default} (kotlinx.coroutines 1.6 to 1.10).
 *
 * <p>Its threads also run what {@code Dispatchers.IO} is handed, but only as many as there are cores may run the rest at a time: each
 * holds a permit. These are the pool; a thread in {@code IO} has given its permit back and does not count. One long holds the permits left
 * above two other numbers of 21 bits each; the state of a queue holds its head below its tail, 30 bits each.
 */
final class CoroutineReader extends PoolReader {
    static final String POOL = "kotlinx.coroutines.scheduling.CoroutineScheduler";

    private static final String WITH_PERMIT = "CPU_ACQUIRED";
    private static final int PERMITS_SHIFT = 42;
    private static final int QUEUE_BITS = 30;
    private static final long QUEUE_MASK = (1L << QUEUE_BITS) - 1;

    private final @Nullable Class<?> worker;
    private final @Nullable MethodHandle workerState;
    private final @Nullable MethodHandle submissionTime;

    private final FieldExpression core = new FieldExpression("corePoolSize");
    private final FieldExpression control = new FieldExpression("controlState|controlState$volatile");
    private final FieldExpression queue =
            new FieldExpression("globalCpuQueue._cur._state|globalCpuQueue._cur$volatile._state$volatile");
    private final FieldExpression workers = new FieldExpression("workers.array");
    private final FieldExpression localQueue = new FieldExpression(
            "localQueue.producerIndex-localQueue.consumerIndex-localQueue.blockingTasksInBuffer|localQueue.producerIndex$volatile"
                    + "-localQueue.consumerIndex$volatile-localQueue.blockingTasksInBuffer$volatile");
    private final FieldExpression name = new FieldExpression("schedulerName");

    CoroutineReader(Class<?> type) {
        worker = named(type, POOL + "$Worker");
        workerState = Access.getter(worker, "state", named(type, POOL + "$WorkerState"));
        submissionTime = Access.getter(named(type, "kotlinx.coroutines.scheduling.Task"), "submissionTime", long.class);
    }

    /** Whether the thread runs its task with a permit, so that no other task of its kind can run meanwhile. */
    boolean holdsPermit(Thread thread) throws Throwable {
        return workerState != null
                && worker != null
                && worker.isInstance(thread)
                && Access.object(workerState, thread) instanceof Enum<?> state
                && state.name().equals(WITH_PERMIT);
    }

    /** On the clock of System.nanoTime, unless the application has put in another. */
    long submittedAt(Object task) throws Throwable {
        return submissionTime == null ? System.nanoTime() : Access.bigNumber(submissionTime, task);
    }

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        int size = (int) core.number(pool);
        long permits = control.number(pool) >> PERMITS_SHIFT;
        return new PoolView.Look(
                size,
                size,
                size,
                (int) Math.max(0, size - permits),
                depth(pool),
                -1,
                stat.completions.get(),
                name.object(pool) + "-worker-#");
    }

    /** Tasks that wait for a permit, in the common queue and in those of the threads. */
    private int depth(Object pool) throws Throwable {
        long depth = queued(queue.number(pool));
        if (workers.object(pool) instanceof AtomicReferenceArray<?> threads) {
            for (int i = 0; i < threads.length(); i++) {
                Object thread = threads.get(i);
                depth += thread == null ? 0 : Math.max(0, localQueue.number(thread));
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, depth);
    }

    /** Elements of a queue, by its state; none if that cannot be read. */
    static int queued(long state) {
        return state < 0 ? 0 : (int) (((state >> QUEUE_BITS) - state) & QUEUE_MASK);
    }

    @Override
    boolean counts() {
        return false;
    }

    private static @Nullable Class<?> named(Class<?> beside, String name) {
        try {
            return Class.forName(name, false, beside.getClassLoader());
        } catch (ClassNotFoundException otherVersion) {
            return null;
        }
    }
}
