// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.CountDownLatch;

/** A lock that is held for long and that nobody wants. */
final class LoneHold {
    private static final Object TILL = new Object();
    private static final CountDownLatch CLOSED = new CountDownLatch(1);

    private LoneHold() {}

    static void start() {
        new Thread(LoneHold::hold, "sound-cashier").start();
    }

    private static void hold() {
        synchronized (TILL) {
            try {
                CLOSED.await();
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
