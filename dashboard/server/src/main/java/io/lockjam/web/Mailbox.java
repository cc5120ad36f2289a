// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The letters to one client that are not sent yet: bounded, so that a client that does not read costs a fixed amount of
 * memory and nobody else's time. When it is full the oldest letter goes and the loss is remembered.
 */
final class Mailbox {
    private final ArrayDeque<String> letters = new ArrayDeque<>();
    private final int capacity;
    private long lost;
    private long lostInAll;
    private boolean closed;

    Mailbox(int capacity) {
        this.capacity = capacity;
    }

    synchronized void post(String letter) {
        if (closed) {
            return;
        }
        if (letters.size() == capacity) {
            letters.removeFirst();
            lost++;
            lostInAll++;
        }
        letters.addLast(letter);
        notifyAll();
    }

    /** Waits for the next letter; a gap mark goes before the first one after a loss. Null once closed. */
    synchronized @Nullable String take() throws InterruptedException {
        while (letters.isEmpty() && !closed) {
            wait();
        }
        if (closed) {
            return null;
        }
        if (lost > 0) {
            String mark = "{\"type\":\"gap\",\"lost\":" + lost + "}";
            lost = 0;
            return mark;
        }
        return letters.removeFirst();
    }

    synchronized void close() {
        closed = true;
        letters.clear();
        notifyAll();
    }

    synchronized long lostInAll() {
        return lostInAll;
    }
}
