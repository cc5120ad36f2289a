// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.CountDownLatch;

/** A latch for three, of which one has ended without counting. */
final class MissingCount {
    private static final CountDownLatch READY = new CountDownLatch(3);

    private MissingCount() {}

    static void start() {
        for (int i = 0; i < 3; i++) {
            int number = i;
            new Thread(() -> prepare(number), "count-" + i).start();
        }
        new Thread(MissingCount::serve, "count-server").start();
    }

    private static void prepare(int number) {
        if (number < 2) {
            READY.countDown();
        }
    }

    private static void serve() {
        try {
            READY.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
