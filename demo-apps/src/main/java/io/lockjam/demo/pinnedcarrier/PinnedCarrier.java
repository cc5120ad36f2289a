// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.pinnedcarrier;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Unavailable;
import io.lockjam.demo.VirtualThreads;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Shops, virtual threads, load their tariff in a static initialiser that calls another service for 150 ms. A class
 * initialiser keeps its carrier; with all carriers kept, no other virtual thread runs.
 *
 * <p>Lockjam reports: virtual-thread-pinned, threads {@code shop-*}, by the initialiser of {@code TariffAtStart}. The cure: the
 * initialiser is trivial, and a method loads the tariff. Needs Java 21.
 */
public final class PinnedCarrier {
    private static final int SHOPS = 2 * Runtime.getRuntime().availableProcessors();

    private final LongAdder tariffs = new LongAdder();
    private final Worst late = new Worst();

    private PinnedCarrier() {}

    public static void run(Stage stage) throws InterruptedException, Unavailable {
        ThreadFactory shops = VirtualThreads.required("shop");
        ThreadFactory till = VirtualThreads.required("till");
        PinnedCarrier mall = new PinnedCarrier();
        for (int i = 0; i < SHOPS; i++) {
            shops.newThread(() -> mall.openShops(stage)).start();
        }
        till.newThread(() -> mall.sell(stage)).start();
        stage.report(
                () -> mall.tariffs + " tariffs loaded",
                "latest virtual thread this second, ms after its time",
                mall.late::millisSinceLast);
    }

    private void openShops(Stage stage) {
        try {
            while (!stage.ended()) {
                if (stage.fixed()) {
                    Tariff.load();
                } else {
                    FreshLoader.initialiseTariff();
                }
                tariffs.increment();
                Work.remoteCall(100);
            }
        } catch (InterruptedException | ReflectiveOperationException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void sell(Stage stage) {
        try {
            while (!stage.ended()) {
                long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
                Work.remoteCall(5);
                late.since(due);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
