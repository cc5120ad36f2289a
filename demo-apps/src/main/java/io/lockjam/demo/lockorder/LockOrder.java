// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.lockorder;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shipping locks the stock, then the order; cancelling locks the order, then the stock. So far each has had its own half
 * of the time and they never met: a deadlock that has not happened yet.
 *
 * <p>Lockjam reports: lock-order-inversion of {@code LockOrder.stockLock} and {@code LockOrder.orderLock}, in {@code
 * ship} (first) and {@code cancel} (second). The cure: both lock the stock first.
 */
public final class LockOrder {
    /** Each side works in the middle of its own slot, so that the demo itself goes on. */
    private static final long SLOT_MILLIS = 100;

    private final ReentrantLock stockLock = new ReentrantLock();
    private final ReentrantLock orderLock = new ReentrantLock();
    private final LongAdder shipped = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder againstTheOrder = new LongAdder();

    private LockOrder() {}

    public static void run(Stage stage) throws InterruptedException {
        LockOrder shop = new LockOrder();
        stage.loop("shipping", () -> {
            awaitSlot(0);
            shop.ship();
        });
        stage.loop("service", () -> {
            awaitSlot(1);
            if (stage.fixed()) {
                shop.cancelInOrder();
            } else {
                shop.cancel();
            }
        });
        stage.report(
                () -> shop.shipped + " orders shipped, " + shop.cancelled + " cancelled",
                "times the locks were taken the other way round",
                shop.againstTheOrder::sum);
    }

    private static void awaitSlot(long side) throws InterruptedException {
        do {
            Work.remoteCall(5); // the next customer's letter
        } while (!inSlot(side));
    }

    private static boolean inSlot(long side) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        long within = Math.floorMod(millis, SLOT_MILLIS);
        return Math.floorMod(millis / SLOT_MILLIS, 2) == side && within > SLOT_MILLIS / 5 && within < SLOT_MILLIS / 2;
    }

    private void ship() {
        stockLock.lock();
        try {
            orderLock.lock();
            try {
                shipped.increment();
            } finally {
                orderLock.unlock();
            }
        } finally {
            stockLock.unlock();
        }
    }

    private void cancel() {
        orderLock.lock();
        try {
            stockLock.lock();
            try {
                cancelled.increment();
                againstTheOrder.increment();
            } finally {
                stockLock.unlock();
            }
        } finally {
            orderLock.unlock();
        }
    }

    private void cancelInOrder() {
        stockLock.lock();
        try {
            orderLock.lock();
            try {
                cancelled.increment();
            } finally {
                orderLock.unlock();
            }
        } finally {
            stockLock.unlock();
        }
    }
}
