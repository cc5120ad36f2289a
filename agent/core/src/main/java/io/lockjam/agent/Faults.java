// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.concurrent.atomic.AtomicLong;

/** Throwables caught at our boundaries: counted, the last one kept as text, nothing thrown on. */
final class Faults {
    private final AtomicLong count = new AtomicLong();
    private volatile String last = "";

    void caught(String where, Throwable fault) {
        count.incrementAndGet();
        try {
            String text = where + ": " + fault;
            last = text.length() > 500 ? text.substring(0, 500) : text;
        } catch (OutOfMemoryError noRoom) {
            last = "no memory for the text of a fault";
        }
    }

    long count() {
        return count.get();
    }

    String last() {
        return last;
    }
}
