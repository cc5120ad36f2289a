// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.Semaphore;

/** Two permits that two threads take in one order. */
final class OrderedPermits {
    private static final Semaphore PAPER = new Semaphore(1);
    private static final Semaphore INK = new Semaphore(1);

    private OrderedPermits() {}

    static void start() {
        new Thread(OrderedPermits::print, "sound-printer").start();
        new Thread(OrderedPermits::print, "sound-copier").start();
    }

    private static void print() {
        while (true) {
            PAPER.acquireUninterruptibly();
            try {
                INK.acquireUninterruptibly();
                INK.release();
            } finally {
                PAPER.release();
            }
            Stuck.moment();
        }
    }
}
