// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.tour;

import io.lockjam.demo.RemoteTask;
import io.lockjam.demo.Stage;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;

/** Writes invoices in a pool: with 48 threads, or with as many as they need. */
final class Invoices {
    private final ThreadPoolExecutor pool;
    private final LongAdder written = new LongAdder();

    Invoices(Stage stage) {
        int threads = stage.fixed() ? 3 : 48;
        pool = stage.pool((ThreadPoolExecutor) Executors.newFixedThreadPool(threads, stage.named("invoice")));
        pool.prestartAllCoreThreads();
    }

    void write() {
        pool.execute(new RemoteTask(2, written));
    }

    int idle() {
        return pool.getPoolSize() - pool.getActiveCount();
    }
}
