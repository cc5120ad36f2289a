// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Producers that end without a last element. */
final class DrainedQueue {
    private static final BlockingQueue<String> LINES = new LinkedBlockingQueue<>();

    private DrainedQueue() {}

    static void start() {
        new Thread(DrainedQueue::produce, "drained-producer").start();
        new Thread(DrainedQueue::consume, "drained-consumer").start();
    }

    private static void produce() {
        for (int i = 0; i < 10; i++) {
            LINES.add("line " + i);
        }
    }

    private static void consume() {
        try {
            while (!LINES.take().isEmpty()) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
