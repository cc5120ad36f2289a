// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.conditionqueue;

import io.lockjam.demo.Stage;
import io.lockjam.demo.StandStill;
import io.lockjam.demo.Work;
import java.util.ArrayDeque;
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
        StandStill still = new StandStill(shelf.sold, 2 * PER_SORT);
        stage.report(
                () -> shelf.sold + " loaves sold",
                "bakers and customers who have stood still for a second",
                still::sinceLast);
    }

    private void put(int loaf) throws InterruptedException {
        lock.lock();
        try {
            while (loaves.size() == ROOM) {
                notFull.await();
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
                notEmpty.await();
            }
            notFull.signal();
            sold.increment();
            return loaves.remove();
        } finally {
            lock.unlock();
        }
    }
}
