// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.tour;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A small order service with three troubles at once: its web threads count orders without a lock, queue for the stock's
 * lock, and hand invoices to far too many threads.
 *
 * <p>Lockjam reports: data-race on {@code OrderBook.ordersToday} in {@code OrderBook.count}; lock-contention on {@code
 * Stock.stockLock}, waited for and held in {@code Stock.reserve}; pool-oversized, pool {@code invoice-*}. The cures: an
 * atomic counter; the slow part before the lock; three threads.
 */
public final class Tour {
    private static final int WEB_THREADS = 8;
    /** Counted one by one. */
    private static final int POSITIONS = 50;

    private final OrderBook orders = new OrderBook();
    private final Stock stock = new Stock();
    private final WaitTotal waited = new WaitTotal();
    private final Invoices invoices;
    private final boolean fixed;

    private Tour(Stage stage) {
        fixed = stage.fixed();
        invoices = new Invoices(stage);
    }

    public static void run(Stage stage) throws InterruptedException {
        Tour shop = new Tour(stage);
        stage.loops("web", WEB_THREADS, shop::serve);
        stage.report(
                () -> shop.orders.taken() + " articles ordered, " + shop.waited.millisSinceLast()
                        + " ms waited for the stock, " + shop.invoices.idle() + " invoice threads idle",
                "articles lost from the count so far",
                shop.orders::lost);
    }

    private void serve() throws InterruptedException {
        int article = ThreadLocalRandom.current().nextInt(Stock.ARTICLES);
        long begin = System.nanoTime();
        if (fixed) {
            stock.reserveQuickly(article);
        } else {
            stock.reserve(article);
            waited.since(begin);
        }
        for (int i = 0; i < POSITIONS; i++) {
            if (fixed) {
                orders.countSafely();
            } else {
                orders.count();
            }
        }
        orders.take(POSITIONS);
        invoices.write();
        Work.remoteCall(8); // the customer thinks
    }
}
