// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.undersizedpool;

import io.lockjam.demo.Arrivals;
import io.lockjam.demo.RemoteTask;
import io.lockjam.demo.Stage;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Four threads send 96 parcels a second, each a call of 40 ms to the carrier: 3.8 are busy on average, so parcels queue
 * for long although the processor is idle.
 *
 * <p>Lockjam reports: pool-undersized, pool {@code parcel-*}, tasks submitted in {@code UndersizedPool.send}. The cure:
 * six threads.
 */
public final class UndersizedPool {
    /** Waiting when the day begins, so that the queue is long from the start. */
    private static final int LEFT_FROM_YESTERDAY = 100;

    private final ThreadPoolExecutor parcels;
    private final Arrivals orders = new Arrivals(96);
    private final LongAdder sent = new LongAdder();

    private UndersizedPool(Stage stage) {
        int threads = stage.fixed() ? 6 : 4;
        parcels = stage.pool((ThreadPoolExecutor) Executors.newFixedThreadPool(threads, stage.named("parcel")));
    }

    public static void run(Stage stage) throws InterruptedException {
        UndersizedPool shop = new UndersizedPool(stage);
        if (!stage.fixed()) {
            for (int i = 0; i < LEFT_FROM_YESTERDAY; i++) {
                shop.parcels.execute(new RemoteTask(40, shop.sent));
            }
        }
        stage.loop("orders", shop::send);
        stage.report(
                () -> shop.sent + " parcels sent",
                "parcels waiting for a thread",
                () -> shop.parcels.getQueue().size());
    }

    private void send() throws InterruptedException {
        orders.await();
        parcels.execute(new RemoteTask(40, sent));
    }
}
