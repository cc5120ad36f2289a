// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.Semaphore;

/** Two permits that two threads take in opposite orders. */
final class CrossedPermits {
    private static final Semaphore PAPER = new Semaphore(1);
    private static final Semaphore INK = new Semaphore(1);

    private CrossedPermits() {}

    static void start() {
        new Thread(CrossedPermits::print, "permit-printer").start();
        new Thread(CrossedPermits::copy, "permit-copier").start();
    }

    private static void print() {
        PAPER.acquireUninterruptibly();
        try {
            Stuck.moment();
            INK.acquireUninterruptibly();
            INK.release();
        } finally {
            PAPER.release();
        }
    }

    private static void copy() {
        INK.acquireUninterruptibly();
        try {
            Stuck.moment();
            PAPER.acquireUninterruptibly();
            PAPER.release();
        } finally {
            INK.release();
        }
    }
}
