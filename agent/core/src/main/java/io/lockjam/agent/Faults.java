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
        } catch (Throwable another) { // the callers are boundaries: most often there is no memory for a text either
            last = "a fault whose text could not be made";
        }
    }

    long count() {
        return count.get();
    }

    String last() {
        return last;
    }
}
