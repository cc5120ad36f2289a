// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Adds up how long a demo's threads waited, measured around the call that waits: the truth to compare with. */
public final class WaitTotal {
    private final LongAdder nanos = new LongAdder();
    private long nanosAtLastReading;

    /** Adds the time since {@code begin}, a reading of {@link System#nanoTime}. */
    public void since(long begin) {
        nanos.add(System.nanoTime() - begin);
    }

    /** Milliseconds waited by all threads since this was last called; for one reporting thread. */
    public long millisSinceLast() {
        long now = nanos.sum();
        long waited = now - nanosAtLastReading;
        nanosAtLastReading = now;
        return TimeUnit.NANOSECONDS.toMillis(waited);
    }
}
