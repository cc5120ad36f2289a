// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.util.Arrays;
import java.util.Optional;

/** Everything a thread can wait on that Lockjam reports, and the program that waits on it. */
enum Primitive {
    MONITOR("monitor", "monitor", LockWaits::monitor),
    OBJECT_WAIT("object-wait", "object-wait", SignalWaits::objectWait),
    REENTRANT_LOCK("reentrant-lock", "lock", LockWaits::lock),
    READ_LOCK("read-lock", "read", LockWaits::read),
    WRITE_LOCK("write-lock", "write", LockWaits::write),
    STAMPED_READ("stamped-read", "stamped", LockWaits::stampedRead),
    STAMPED_WRITE("stamped-write", "stamped", LockWaits::stampedWrite),
    SEMAPHORE("semaphore", "semaphore", LockWaits::semaphore),
    COUNT_DOWN_LATCH("count-down-latch", "latch", SignalWaits::latch),
    CYCLIC_BARRIER("cyclic-barrier", "barrier", SignalWaits::barrier),
    PHASER("phaser", "phaser", SignalWaits::phaser),
    EXCHANGER("exchanger", "exchanger", SignalWaits::exchanger),
    CONDITION("condition", "condition", SignalWaits::condition),
    ARRAY_QUEUE_PUT("array-queue-put", "queue-put", QueueWaits::arrayPut),
    ARRAY_QUEUE_TAKE("array-queue-take", "queue-take", QueueWaits::arrayTake),
    LINKED_QUEUE_PUT("linked-queue-put", "queue-put", QueueWaits::linkedPut),
    LINKED_QUEUE_TAKE("linked-queue-take", "queue-take", QueueWaits::linkedTake),
    LINKED_DEQUE_PUT("linked-deque-put", "queue-put", QueueWaits::dequePut),
    LINKED_DEQUE_TAKE("linked-deque-take", "queue-take", QueueWaits::dequeTake),
    PRIORITY_QUEUE_TAKE("priority-queue-take", "queue-take", QueueWaits::priorityTake),
    DELAY_QUEUE_TAKE("delay-queue-take", "queue-take", QueueWaits::delayTake),
    SYNCHRONOUS_QUEUE_PUT("synchronous-queue-put", "queue-put", QueueWaits::synchronousPut),
    SYNCHRONOUS_QUEUE_TAKE("synchronous-queue-take", "queue-take", QueueWaits::synchronousTake),
    TRANSFER_QUEUE_TRANSFER("transfer-queue-transfer", "queue-put", QueueWaits::transferPut),
    TRANSFER_QUEUE_TAKE("transfer-queue-take", "queue-take", QueueWaits::transferTake),
    FUTURE_TASK_GET("future-task-get", "future", ResultWaits::futureTask),
    COMPLETABLE_FUTURE_GET("completable-future-get", "future", ResultWaits::completableGet),
    COMPLETABLE_FUTURE_JOIN("completable-future-join", "future", ResultWaits::completableJoin),
    FORK_JOIN_TASK("fork-join-task", "future", ResultWaits::forkJoinTask),
    THREAD_JOIN("thread-join", "join", ResultWaits::threadJoin),
    PARK("park", "park", SignalWaits::park),
    PARK_WITH_BLOCKER("park-with-blocker", "park", SignalWaits::parkWithBlocker),
    CLASS_INIT("class-init", "class-init", ResultWaits::classInit);

    private final String id;
    private final String kind;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Program program;

    Primitive(String id, String kind, Program program) {
        this.id = id;
        this.kind = kind;
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
