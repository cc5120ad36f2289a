// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A producer that has little to tell. */
final class SlowProducer {
    private static final BlockingQueue<String> LINES = new LinkedBlockingQueue<>();

    private SlowProducer() {}

    static void start() {
        new Thread(SlowProducer::produce, "sound-producer").start();
        new Thread(SlowProducer::consume, "sound-consumer").start();
    }

    private static void produce() {
        while (true) {
            LINES.add("line");
            Stuck.sleep();
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
