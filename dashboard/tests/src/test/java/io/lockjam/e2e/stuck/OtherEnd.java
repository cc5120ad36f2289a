// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A task that waits for the end of another pool. */
final class OtherEnd {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, task -> new Thread(task, "sound-end"));
    private static final ExecutorService OTHER =
            Executors.newFixedThreadPool(2, task -> new Thread(task, "sound-other"));

    private OtherEnd() {}

    static void start() {
        OTHER.execute(Stuck::sleep);
        POOL.execute(OtherEnd::last);
    }

    private static void last() {
        OTHER.shutdown();
        try {
            OTHER.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
