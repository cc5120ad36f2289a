// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.conditionqueue;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bakery's shelf for one loaf, a queue made by hand: bakers and customers wait on the same condition, and {@code
 * signal} wakes one of them, often of the wrong sort. Soon the signal is used up and everybody waits.
 *
 * <p>Lockjam reports: lost-wakeup on {@code ConditionQueue.changed}, waited for in {@code put} and {@code take}. The
 * cure: a condition for each sort, {@code notFull} and {@code notEmpty}.
 */
public final class ConditionQueue {
    private static final int ROOM = 1;
    private static final int PER_SORT = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition notFull;
    private final Condition notEmpty;
    private final ArrayDeque<Integer> loaves = new ArrayDeque<>();
    private final LongAdder sold = new LongAdder();
    private final AtomicInteger waiting = new AtomicInteger();

    private ConditionQueue(boolean oneForBoth) {
        notFull = oneForBoth ? changed : lock.newCondition();
        notEmpty = oneForBoth ? changed : lock.newCondition();
    }

    public static void run(Stage stage) throws InterruptedException {
        ConditionQueue shelf = new ConditionQueue(!stage.fixed());
        stage.loops("baker", PER_SORT, () -> {
            Work.remoteCall(1); // the oven
            shelf.put(1);
        });
        stage.loops("customer", PER_SORT, () -> {
            shelf.take();
            Work.remoteCall(1); // pays
        });
        stage.report(() -> shelf.sold + " loaves sold", "all wait and nobody can signal (1 = yes)", () -> {
            return shelf.waiting.get() == 2 * PER_SORT ? 1 : 0;
        });
    }

    private void put(int loaf) throws InterruptedException {
        lock.lock();
        try {
            while (loaves.size() == ROOM) {
                await(notFull);
            }
            loaves.add(loaf);
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
    }

    private int take() throws InterruptedException {
        lock.lock();
        try {
            while (loaves.isEmpty()) {
                await(notEmpty);
            }
            notFull.signal();
            sold.increment();
            return loaves.remove();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await(Condition condition) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            condition.await();
        } finally {
            waiting.decrementAndGet();
        }
    }
}
