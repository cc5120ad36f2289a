// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A task that waits for the end of its own pool. */
final class OwnEnd {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, task -> new Thread(task, "own-end"));

    private OwnEnd() {}

    static void start() {
        POOL.execute(OwnEnd::last);
    }

    private static void last() {
        POOL.shutdown();
        try {
            POOL.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
