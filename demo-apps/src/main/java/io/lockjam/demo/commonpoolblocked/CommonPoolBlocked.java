// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.commonpoolblocked;

import io.lockjam.demo.Stage;
import io.lockjam.demo.StandStill;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Orders run in the common pool, start their payment there, too, and wait for it with a latch, which the pool cannot see.
 * All its workers wait for tasks that no worker is left to run.
 *
 * <p>Lockjam reports: pool-starvation, pool {@code ForkJoinPool.commonPool}, waiting in {@code CommonPoolBlocked.order}.
 * The cure: no task waits; the rest of the order is a stage that runs after the payment.
 */
public final class CommonPoolBlocked {
    private static final int CUSTOMERS = 12;

    private final Semaphore customers = new Semaphore(CUSTOMERS);
    private final LongAdder done = new LongAdder();

    private CommonPoolBlocked() {}

    public static void run(Stage stage) throws InterruptedException {
        // With one worker CompletableFuture would go round the common pool and start a thread per task (JDK 17 to 24).
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "3");
        CommonPoolBlocked shop = new CommonPoolBlocked();
        stage.every(Duration.ofMillis(60), "shop", () -> {
            for (int i = 0; i < CUSTOMERS / 2 && shop.customers.tryAcquire(); i++) {
                if (stage.fixed()) {
                    shop.orderInStages();
                } else {
                    ForkJoinPool.commonPool().execute(shop::order);
                }
            }
        });
        StandStill still = new StandStill(shop.done, CUSTOMERS);
        stage.report(() -> shop.done + " orders done", "orders that have stood still for a second", still::sinceLast);
    }

    private void order() {
        try {
            Work.remoteCall(5); // looks the customer up
            CountDownLatch paid = new CountDownLatch(1);
            ForkJoinPool.commonPool().execute(() -> {
                pay();
                paid.countDown();
            });
            paid.await();
            finish();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void orderInStages() {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(this::pay).thenRun(this::finish);
    }

    private void pay() {
        Work.compute(300);
    }

    private void finish() {
        done.increment();
        customers.release();
    }
}
