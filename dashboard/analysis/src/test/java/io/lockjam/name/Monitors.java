// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

/** Methods that call {@link #work()} with and without a monitor, with the code that {@link MonitorCodeTest} reads. */
final class Monitors {
    private final Object lock = new Object();
    private int turns;

    synchronized void isSynchronized() {
        work();
    }

    void standsInABlock() {
        synchronized (lock) {
            work();
        }
    }

    void comesAfterABlock() {
        synchronized (lock) {
            turns++;
        }
        work();
    }

    void standsBetweenBlocks() {
        synchronized (lock) {
            turns++;
        }
        work();
        synchronized (lock) {
            turns++;
        }
    }

    void loopsBeforeABlock() {
        while (turns < 10) {
            work();
            synchronized (lock) {
                turns++;
            }
        }
    }

    void entersNone() {
        try {
            work();
        } finally {
            turns++;
        }
    }

    private void work() {
        turns--;
    }
}
