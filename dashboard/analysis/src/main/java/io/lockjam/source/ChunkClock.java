// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

/**
 * From the ticks of a chunk to nanoseconds, as the JDK's own reader counts them.
 *
 * @param startNanos since 1970
 * @param divisor ticks a nanosecond
 */
record ChunkClock(long startTicks, long startNanos, double divisor) {
    /** Since 1970. */
    long nanos(long ticks) {
        return startNanos + (long) ((ticks - startTicks) / divisor);
    }

    long span(long ticks) {
        return (long) (ticks / divisor);
    }
}
