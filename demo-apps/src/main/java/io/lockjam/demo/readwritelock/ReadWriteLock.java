// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.readwritelock;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Eight threads look prices up in a catalogue that changes twice a second, but each look-up takes the write lock.
 *
 * <p>Lockjam reports: lock-contention on {@code ReadWriteLock.catalogueLock} (write), waited for and held in {@code
 * ReadWriteLock.price}. The cure: a look-up takes the read lock, which readers share.
 */
public final class ReadWriteLock {
    private static final int SHOPPERS = 8;

    private final ReentrantReadWriteLock catalogueLock = new ReentrantReadWriteLock();
    private final LongAdder lookUps = new LongAdder();
    private final WaitTotal waited = new WaitTotal();
    private final boolean shared;
    private long cents = 100;

    private ReadWriteLock(boolean shared) {
        this.shared = shared;
    }

    public static void run(Stage stage) throws InterruptedException {
        ReadWriteLock catalogue = new ReadWriteLock(stage.fixed());
        stage.loops("shopper", SHOPPERS, () -> {
            catalogue.price();
            Work.remoteCall(4);
        });
        stage.every(Duration.ofMillis(500), "pricing", catalogue::change);
        stage.report(
                () -> catalogue.lookUps + " prices looked up",
                "ms waited for the lock this second",
                catalogue.waited::millisSinceLast);
    }

    private long price() {
        Lock lock = shared ? catalogueLock.readLock() : catalogueLock.writeLock();
        long begin = System.nanoTime();
        lock.lock();
        try {
            waited.since(begin);
            Work.compute(750); // searches the catalogue
            lookUps.increment();
            return cents;
        } finally {
            lock.unlock();
        }
    }

    private void change() {
        catalogueLock.writeLock().lock();
        try {
            cents++;
        } finally {
            catalogueLock.writeLock().unlock();
        }
    }
}
