// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A span of the target's time, its beginning included and its end not.
 *
 * @param to never before {@code from}
 */
public record Range(Instant from, Instant to) {
    public Range {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("range: expected an end at or after " + from + ", got " + to);
        }
    }

    /** From the first of several instants to just after the last one; empty if there are none. */
    static Range of(@Nullable Instant first, @Nullable Instant last) {
        return first == null || last == null
                ? new Range(Instant.EPOCH, Instant.EPOCH)
                : new Range(first, last.plusNanos(1));
    }

    /** The span of this length that ends at an instant. */
    public static Range endingAt(Instant to, Duration length) {
        return new Range(to.minus(length), to);
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    public double seconds() {
        return length().toNanos() / 1e9;
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    /** How much of the span between two instants lies in this one. */
    public Duration overlap(Instant begin, Instant end) {
        Instant first = begin.isAfter(from) ? begin : from;
        Instant last = end.isBefore(to) ? end : to;
        return last.isAfter(first) ? Duration.between(first, last) : Duration.ZERO;
    }
}
