// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.hotlock;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Eight tills take articles from one stock, and one lock guards all of it.
 *
 * <p>Lockjam reports: lock-contention on {@code HotLock.stockLock}, waited for and held in {@code HotLock.sell}. The
 * cure: one lock per shelf; two tills rarely want the same one.
 */
public final class HotLock {
    private static final int TILLS = 8;
    private static final int SHELVES = 64;

    private final ReentrantLock stockLock = new ReentrantLock();
    private final ReentrantLock[] shelfLocks = new ReentrantLock[SHELVES];
    private final int[] taken = new int[SHELVES];
    private final LongAdder sales = new LongAdder();
    private final WaitTotal waited = new WaitTotal();
    private final boolean oneLock;

    private HotLock(boolean oneLock) {
        this.oneLock = oneLock;
        for (int shelf = 0; shelf < SHELVES; shelf++) {
            shelfLocks[shelf] = new ReentrantLock();
        }
    }

    public static void run(Stage stage) throws InterruptedException {
        HotLock stock = new HotLock(!stage.fixed());
        stage.loops("till", TILLS, () -> {
            Work.compute(300); // reads the label
            stock.take(ThreadLocalRandom.current().nextInt(SHELVES));
            Work.remoteCall(4); // the customer pays
        });
        stage.report(() -> stock.sales + " sales", "ms waited for the lock this second", stock.waited::millisSinceLast);
    }

    private void take(int shelf) {
        if (oneLock) {
            sell(stockLock, shelf);
        } else {
            sell(shelfLocks[shelf], shelf);
        }
    }

    private void sell(ReentrantLock lock, int shelf) {
        long begin = System.nanoTime();
        lock.lock();
        try {
            waited.since(begin);
            Work.compute(500); // counts what is left
            taken[shelf]++;
            sales.increment();
        } finally {
            lock.unlock();
        }
    }
}
