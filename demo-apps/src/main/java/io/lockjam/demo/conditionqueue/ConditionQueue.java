// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.conditionqueue;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Step;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bakery's shelf for one loaf, a queue made by hand: bakers and customers wait on the same condition, and {@code
 * signal} wakes one of them, often of the wrong sort. Soon the signal is used up and everybody waits. The boss of the three
 * bakeries calls one after the other and wakes those who stand still, so that the trouble is steady.
 *
 * <p>Lockjam reports: lost-wakeup on {@code ConditionQueue.changed}, waited for in {@code put} and {@code take}. The
 * cure: a condition for each sort, {@code notFull} and {@code notEmpty}.
 */
public final class ConditionQueue {
    private static final int BAKERIES = 3;
    private static final int ROOM = 1;
    private static final int PER_SORT = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition notFull;
    private final Condition notEmpty;
    private final ArrayDeque<Integer> loaves = new ArrayDeque<>();
    private final List<Thread> staff = new ArrayList<>();
    private long sold;
    private long soldAt = System.nanoTime();

    private ConditionQueue(boolean oneForBoth) {
        notFull = oneForBoth ? changed : lock.newCondition();
        notEmpty = oneForBoth ? changed : lock.newCondition();
    }

    public static void run(Stage stage) throws InterruptedException {
        List<ConditionQueue> bakeries = new ArrayList<>();
        for (int i = 1; i <= BAKERIES; i++) {
            ConditionQueue shelf = new ConditionQueue(!stage.fixed());
            bakeries.add(shelf);
            for (int j = 1; j <= PER_SORT; j++) {
                shelf.staff.add(stage.loop("baker-" + i + "-" + j, awake(stage, () -> {
                    Work.remoteCall(1); // the oven
                    shelf.put(1);
                })));
                shelf.staff.add(stage.loop("customer-" + i + "-" + j, awake(stage, () -> {
                    shelf.take();
                    Work.remoteCall(1); // pays
                })));
            }
        }
        AtomicInteger calls = new AtomicInteger();
        stage.every(
                Duration.ofMillis(2_500),
                "boss",
                () -> bakeries.get(calls.getAndIncrement() % BAKERIES).wakeIfStill());
        stage.report(
                () -> bakeries.stream().mapToLong(ConditionQueue::sold).sum() + " loaves sold",
                "bakers and customers who have stood still for a second",
                () -> bakeries.stream().filter(ConditionQueue::standsStill).count() * 2 * PER_SORT);
    }

    /** A step that begins anew when the boss interrupts it. */
    private static Step awake(Stage stage, Step step) {
        return () -> {
            try {
                step.run();
            } catch (InterruptedException woken) {
                if (stage.ended()) {
                    throw woken;
                }
            }
        };
    }

    private void wakeIfStill() {
        if (standsStill()) {
            staff.forEach(Thread::interrupt);
        }
    }

    private long sold() {
        lock.lock();
        try {
            return sold;
        } finally {
            lock.unlock();
        }
    }

    private boolean standsStill() {
        lock.lock();
        try {
            return System.nanoTime() - soldAt > TimeUnit.SECONDS.toNanos(1);
        } finally {
            lock.unlock();
        }
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
            sold++;
            soldAt = System.nanoTime();
            return loaves.remove();
        } finally {
            lock.unlock();
        }
    }
}
