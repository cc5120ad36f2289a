// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.poolstarvation;

import io.lockjam.demo.Stage;
import io.lockjam.demo.StandStill;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Each order, a task of a pool of four, submits its payment to the same pool and waits for it. With four orders under way
 * their payments stand in the queue behind them for ever.
 *
 * <p>Lockjam reports: pool-starvation, pool {@code order-*}, waiting in {@code PoolStarvation.order} for tasks submitted
 * there. The cure: payments have a pool of their own.
 */
public final class PoolStarvation {
    private static final int THREADS = 4;
    private static final int CUSTOMERS = 12;

    private final ExecutorService orders;
    private final ExecutorService payments;
    private final Semaphore customers = new Semaphore(CUSTOMERS);
    private final LongAdder done = new LongAdder();

    private PoolStarvation(Stage stage) {
        orders = stage.pool(Executors.newFixedThreadPool(THREADS, stage.named("order")));
        payments = stage.fixed() ? stage.pool(Executors.newFixedThreadPool(2, stage.named("payment"))) : orders;
    }

    public static void run(Stage stage) throws InterruptedException {
        PoolStarvation shop = new PoolStarvation(stage);
        stage.every(Duration.ofMillis(60), "shop", () -> {
            for (int i = 0; i < CUSTOMERS / 2 && shop.customers.tryAcquire(); i++) {
                shop.orders.execute(shop::order);
            }
        });
        StandStill still = new StandStill(shop.done, CUSTOMERS);
        stage.report(() -> shop.done + " orders done", "orders that have stood still for a second", still::sinceLast);
    }

    private void order() {
        try {
            Work.remoteCall(20); // looks the customer up
            Future<?> payment = payments.submit(this::pay);
            payment.get();
            done.increment();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException refused) {
            throw new IllegalStateException(refused);
        } finally {
            customers.release();
        }
    }

    private void pay() {
        Work.compute(300);
    }
}
