// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Depth and capacity of the JDK's queues, read from their fields.
 *
 * <p>Their methods could be overridden by an application and take its locks; a depth read without the lock can be off by
 * the operations under way.
 */
final class QueueAccess {
    /** A queue whose depth or capacity is not known, or which has no bound. */
    static final int NONE = -1;

    private static final @Nullable MethodHandle ARRAY_DEPTH =
            Access.getter(ArrayBlockingQueue.class, "count", int.class);
    private static final @Nullable MethodHandle ARRAY_ITEMS =
            Access.getter(ArrayBlockingQueue.class, "items", Object[].class);
    private static final @Nullable MethodHandle LINKED_DEPTH =
            Access.getter(LinkedBlockingQueue.class, "count", AtomicInteger.class);
    private static final @Nullable MethodHandle LINKED_CAPACITY =
            Access.getter(LinkedBlockingQueue.class, "capacity", int.class);
    private static final @Nullable MethodHandle DEQUE_DEPTH =
            Access.getter(LinkedBlockingDeque.class, "count", int.class);
    private static final @Nullable MethodHandle DEQUE_CAPACITY =
            Access.getter(LinkedBlockingDeque.class, "capacity", int.class);
    private static final @Nullable MethodHandle PRIORITY_DEPTH =
            Access.getter(PriorityBlockingQueue.class, "size", int.class);
    private static final @Nullable MethodHandle DELAYED_DEPTH =
            Access.getter(Types.DELAYED_WORK_QUEUE, "size", int.class);
    private static final @Nullable MethodHandle DELAY_HEAP = Access.getter(DelayQueue.class, "q", PriorityQueue.class);

    private QueueAccess() {}

    /** Elements in the queue now; 0 for a hand-off, -1 if it is not one of the JDK's queues. */
    static int depth(Object queue) {
        try {
            if (queue instanceof LinkedBlockingQueue) {
                return LINKED_DEPTH == null ? NONE : ((AtomicInteger) Access.object(LINKED_DEPTH, queue)).get();
            }
            if (queue instanceof ArrayBlockingQueue) {
                return number(ARRAY_DEPTH, queue);
            }
            if (queue instanceof LinkedBlockingDeque) {
                return number(DEQUE_DEPTH, queue);
            }
            if (queue instanceof PriorityBlockingQueue) {
                return number(PRIORITY_DEPTH, queue);
            }
            if (Types.DELAYED_WORK_QUEUE != null && Types.DELAYED_WORK_QUEUE.isInstance(queue)) {
                return number(DELAYED_DEPTH, queue);
            }
            if (queue instanceof DelayQueue) {
                return DELAY_HEAP == null ? NONE : ((PriorityQueue<?>) Access.object(DELAY_HEAP, queue)).size();
            }
            if (isHandOff(queue)) {
                return 0;
            }
            // counting the nodes of a LinkedTransferQueue walks them all: not more than once a second, and only the
            // JDK's own
            return queue.getClass() == LinkedTransferQueue.class ? ((LinkedTransferQueue<?>) queue).size() : NONE;
        } catch (Throwable unreadable) {
            Switches.fault();
            return NONE;
        }
    }

    /** As {@link #depth}, but -1 where counting would take longer the longer the queue is. */
    static int cheapDepth(Object queue) {
        return queue instanceof LinkedTransferQueue && !isHandOff(queue) ? NONE : depth(queue);
    }

    /** The largest possible depth; 0 for a hand-off, -1 if unbounded or not known. */
    static int capacity(Object queue) {
        try {
            int capacity = NONE;
            if (queue instanceof LinkedBlockingQueue) {
                capacity = number(LINKED_CAPACITY, queue);
            } else if (queue instanceof LinkedBlockingDeque) {
                capacity = number(DEQUE_CAPACITY, queue);
            } else if (queue instanceof ArrayBlockingQueue && ARRAY_ITEMS != null) {
                capacity = ((Object[]) Access.object(ARRAY_ITEMS, queue)).length;
            } else if (isHandOff(queue)) {
                capacity = 0;
            }
            return capacity == Integer.MAX_VALUE ? NONE : capacity;
        } catch (Throwable unreadable) {
            Switches.fault();
            return NONE;
        }
    }

    private static boolean isHandOff(Object queue) {
        return Types.isTransferer(queue) || queue instanceof SynchronousQueue;
    }

    private static int number(@Nullable MethodHandle field, Object in) throws Throwable {
        return field == null ? NONE : Access.number(field, in);
    }
}
