// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.CountDownLatch;

/** A lock that is never given back. */
final class LongHold {
    private static final Object TILL = new Object();
    private static final CountDownLatch CLOSED = new CountDownLatch(1);

    private LongHold() {}

    static void start() {
        new Thread(LongHold::hold, "hold-cashier").start();
        Stuck.moment();
        new Thread(LongHold::hold, "hold-next").start();
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
