// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;

/** The longest of some spans of time since it was last asked. */
public final class Worst {
    private final LongAccumulator nanos = new LongAccumulator(Math::max, 0);

    /** Notes the time since {@code begin}, a reading of {@link System#nanoTime}. */
    public void since(long begin) {
        nanos.accumulate(System.nanoTime() - begin);
    }

    /** The longest in milliseconds since this was last called. */
    public long millisSinceLast() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getThenReset());
    }
}
