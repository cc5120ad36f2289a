// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.time.Duration;
import java.time.Instant;

/** Instants and durations as nanoseconds, held at the limits of a long where a damaged recording leaves them. */
final class Times {
    /** About 146 years on either side of 1970, so that the distance of two instants fits a long. */
    private static final long FARTHEST_SECONDS = (1L << 62) / 1_000_000_000L;

    private Times() {}

    static long nanos(Instant at) {
        long seconds = Math.max(-FARTHEST_SECONDS, Math.min(FARTHEST_SECONDS, at.getEpochSecond()));
        return seconds * 1_000_000_000L + at.getNano();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
