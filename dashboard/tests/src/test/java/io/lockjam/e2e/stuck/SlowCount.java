// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.CountDownLatch;

/** A latch for three, of which one is slow. */
final class SlowCount {
    private static final CountDownLatch READY = new CountDownLatch(3);

    private SlowCount() {}

    static void start() {
        for (int i = 0; i < 3; i++) {
            int number = i;
            new Thread(() -> prepare(number), "sound-count-" + i).start();
        }
        new Thread(SlowCount::serve, "sound-server").start();
    }

    private static void prepare(int number) {
        if (number == 2) {
            Stuck.sleep();
        }
        READY.countDown();
    }

    private static void serve() {
        try {
            READY.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
