// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Code to read: what is offered to queues, and what becomes of the answer. */
final class Offers {
    private final BlockingQueue<String> mail = new ArrayBlockingQueue<>(10);
    private final BlockingQueue<String> counted = new ArrayBlockingQueue<>(10);
    private final BlockingQueue<String> latest = new ArrayBlockingQueue<>(10);
    private final BlockingQueue<String> first = new ArrayBlockingQueue<>(10);
    private int refused;

    Runnable sender(String text) {
        return () -> mail.offer(text);
    }

    void count(String text) {
        if (!counted.offer(text)) {
            refused++;
        }
    }

    void keepLatest(String text) {
        while (!latest.offer(text)) {
            latest.poll();
        }
        latest.offer(text);
    }

    void keepFirst(String text) {
        first.offer(text);
    }

    String next() throws InterruptedException {
        return mail.take() + counted.take() + latest.take() + refused;
    }

    String look() {
        return first.peek();
    }
}
