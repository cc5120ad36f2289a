// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.oversizedpool;

import io.lockjam.demo.Arrivals;
import io.lockjam.demo.RemoteTask;
import io.lockjam.demo.Stage;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;

/**
 * A report service keeps 64 threads for 100 reports a second of 40 ms each: by Little's law four of them are busy.
 *
 * <p>Lockjam reports: pool-oversized, pool {@code report-*}, tasks submitted in {@code OversizedPool.order}. The cure:
 * six threads.
 */
public final class OversizedPool {
    private final ThreadPoolExecutor reports;
    private final Arrivals readers = new Arrivals(100);
    private final LongAdder done = new LongAdder();

    private OversizedPool(Stage stage) {
        int threads = stage.fixed() ? 6 : 64;
        reports = stage.pool((ThreadPoolExecutor) Executors.newFixedThreadPool(threads, stage.named("report")));
        reports.prestartAllCoreThreads();
    }

    public static void run(Stage stage) throws InterruptedException {
        OversizedPool service = new OversizedPool(stage);
        stage.loop("readers", service::order);
        stage.report(
                () -> service.done + " reports written",
                "threads idle now",
                () -> service.reports.getPoolSize() - service.reports.getActiveCount());
    }

    private void order() throws InterruptedException {
        readers.await();
        reports.execute(new RemoteTask(40, done));
    }
}
