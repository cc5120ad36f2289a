// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.util.Arrays;
import java.util.Optional;

/** Everything a thread can wait on that Lockjam reports, and the program that waits on it. */
enum Primitive {
    MONITOR("monitor", "monitor", "Object", LockWaits::monitor),
    OBJECT_WAIT("object-wait", "object-wait", "Object", SignalWaits::objectWait),
    REENTRANT_LOCK("reentrant-lock", "lock", "ReentrantLock", LockWaits::lock),
    READ_LOCK("read-lock", "read", "ReentrantReadWriteLock", LockWaits::read),
    WRITE_LOCK("write-lock", "write", "ReentrantReadWriteLock", LockWaits::write),
    STAMPED_READ("stamped-read", "stamped", "StampedLock", LockWaits::stampedRead),
    STAMPED_WRITE("stamped-write", "stamped", "StampedLock", LockWaits::stampedWrite),
    SEMAPHORE("semaphore", "semaphore", "Semaphore", LockWaits::semaphore),
    COUNT_DOWN_LATCH("count-down-latch", "latch", "CountDownLatch", SignalWaits::latch),
    CYCLIC_BARRIER("cyclic-barrier", "barrier", "CyclicBarrier", SignalWaits::barrier),
    PHASER("phaser", "phaser", "Phaser", SignalWaits::phaser),
    EXCHANGER("exchanger", "exchanger", "Exchanger", SignalWaits::exchanger),
    CONDITION("condition", "condition", "ConditionObject", SignalWaits::condition),
    ARRAY_QUEUE_PUT("array-queue-put", "queue-put", "ArrayBlockingQueue", QueueWaits::arrayPut),
    ARRAY_QUEUE_TAKE("array-queue-take", "queue-take", "ArrayBlockingQueue", QueueWaits::arrayTake),
    LINKED_QUEUE_PUT("linked-queue-put", "queue-put", "LinkedBlockingQueue", QueueWaits::linkedPut),
    LINKED_QUEUE_TAKE("linked-queue-take", "queue-take", "LinkedBlockingQueue", QueueWaits::linkedTake),
    LINKED_DEQUE_PUT("linked-deque-put", "queue-put", "LinkedBlockingDeque", QueueWaits::dequePut),
    LINKED_DEQUE_TAKE("linked-deque-take", "queue-take", "LinkedBlockingDeque", QueueWaits::dequeTake),
    PRIORITY_QUEUE_TAKE("priority-queue-take", "queue-take", "PriorityBlockingQueue", QueueWaits::priorityTake),
    DELAY_QUEUE_TAKE("delay-queue-take", "queue-take", "DelayQueue", QueueWaits::delayTake),
    SYNCHRONOUS_QUEUE_PUT("synchronous-queue-put", "queue-put", "SynchronousQueue", QueueWaits::synchronousPut),
    SYNCHRONOUS_QUEUE_TAKE("synchronous-queue-take", "queue-take", "SynchronousQueue", QueueWaits::synchronousTake),
    TRANSFER_QUEUE_TRANSFER("transfer-queue-transfer", "queue-put", "LinkedTransferQueue", QueueWaits::transferPut),
    TRANSFER_QUEUE_TAKE("transfer-queue-take", "queue-take", "LinkedTransferQueue", QueueWaits::transferTake),
    FUTURE_TASK_GET("future-task-get", "future", "FutureTask", ResultWaits::futureTask),
    COMPLETABLE_FUTURE_GET("completable-future-get", "future", "CompletableFuture", ResultWaits::completableGet),
    COMPLETABLE_FUTURE_JOIN("completable-future-join", "future", "CompletableFuture", ResultWaits::completableJoin),
    FORK_JOIN_TASK("fork-join-task", "future", "ForkJoinTask", ResultWaits::forkJoinTask),
    THREAD_JOIN("thread-join", "join", "Thread", ResultWaits::threadJoin),
    PARK("park", "park", "", SignalWaits::park),
    PARK_WITH_BLOCKER("park-with-blocker", "park", "Object", SignalWaits::parkWithBlocker),
    CLASS_INIT("class-init", "class-init", "Class", ResultWaits::classInit);

    private final String id;
    private final String kind;
    private final String type;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Program program;

    Primitive(String id, String kind, String type, Program program) {
        this.id = id;
        this.kind = kind;
        this.type = type;
        this.program = program;
    }

    /** Empty if there is none of this name. */
    static Optional<Primitive> of(String id) {
        return Arrays.stream(values())
                .filter(primitive -> primitive.id.equals(id))
                .findFirst();
    }

    String id() {
        return id;
    }

    /** The kind of wait in Lockjam's reports. */
    String kind() {
        return kind;
    }

    /** Simple name of the class reported; empty for a park without blocker. */
    String type() {
        return type;
    }

    /** Starts the threads that wait. */
    void start(Rounds rounds) {
        program.start(rounds);
    }

    /** Starts threads that wait on one primitive. */
    @FunctionalInterface
    private interface Program {
        void start(Rounds rounds);
    }
}
