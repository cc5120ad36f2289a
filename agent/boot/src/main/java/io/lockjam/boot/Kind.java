// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.StampedLock;

/** What a thread waits for, told by the class of the synchroniser and the mode it is asked in. */
enum Kind {
    LOCK("lock"),
    READ("read"),
    WRITE("write"),
    STAMPED("stamped"),
    CONDITION("condition"),
    SEMAPHORE("semaphore"),
    LATCH("latch"),
    BARRIER("barrier"),
    PHASER("phaser"),
    EXCHANGER("exchanger"),
    FUTURE("future"),
    PARK("park"),
    QUEUE_PUT("queue-put"),
    QUEUE_TAKE("queue-take"),
    /** Not worth a row: the lock inside a pool's worker. */
    IGNORED("ignored");

    /** Modes in which one object can be waited for; each has totals of its own. */
    static final int EXCLUSIVE = 0;

    static final int SHARED = 1;
    static final int PUT = 2;
    static final int TAKE = 3;
    /** Everything that is neither acquired nor a queue. */
    static final int SIGNAL = 4;

    private static final Kind[] ALL = values();

    /** The word used in events and reports. */
    final String id;

    Kind(String id) {
        this.id = id;
    }

    static int count() {
        return ALL.length;
    }

    @SuppressWarnings("EnumOrdinal") // index of an array that lives as long as this class, never stored
    int index() {
        return ordinal();
    }

    static Kind at(int index) {
        return ALL[index];
    }

    static Kind of(Object subject, int mode) {
        if (mode == PUT) {
            return QUEUE_PUT;
        }
        if (mode == TAKE) {
            return QUEUE_TAKE;
        }
        if (mode == SIGNAL) {
            return ofSignal(subject);
        }
        return subject instanceof StampedLock
                ? STAMPED
                : ofSynchroniser(subject.getClass().getName(), mode);
    }

    /** Whether an acquire of this kind is granted to one thread at a time. */
    boolean exclusive() {
        return this == LOCK || this == WRITE;
    }

    private static Kind ofSignal(Object subject) {
        if (subject instanceof AbstractQueuedSynchronizer.ConditionObject
                || subject instanceof AbstractQueuedLongSynchronizer.ConditionObject) {
            return CONDITION;
        }
        if (subject instanceof CyclicBarrier) {
            return BARRIER;
        }
        if (subject instanceof Phaser) {
            return PHASER;
        }
        return subject instanceof Exchanger ? EXCHANGER : PARK;
    }

    private static Kind ofSynchroniser(String name, int mode) {
        if (name.startsWith("java.util.concurrent.")) {
            if (name.startsWith("locks.ReentrantReadWriteLock$", 21)) {
                return mode == SHARED ? READ : WRITE;
            }
            if (name.startsWith("Semaphore$", 21)) {
                return SEMAPHORE;
            }
            if (name.startsWith("CountDownLatch$", 21)) {
                return LATCH;
            }
            if (name.startsWith("ThreadPoolExecutor$Worker", 21)) {
                return IGNORED;
            }
        }
        if (mode != SHARED) {
            return LOCK;
        }
        return isLatch(name) ? LATCH : SEMAPHORE;
    }

    /** Libraries make latches and results of the same parts as permits; only their names tell. Tomcat's LimitLatch counts permits. */
    private static boolean isLatch(String name) {
        return (name.contains("Latch") && !name.contains("Limit"))
                || name.contains("Promise")
                || name.contains("Future")
                || name.contains("Gate")
                || name.contains("Event");
    }
}
