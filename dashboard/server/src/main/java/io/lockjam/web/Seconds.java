// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.lockjam.window.Range;
import java.time.Instant;
import java.util.Optional;

/** Whole seconds of a target's clock: the units in which states are told. */
final class Seconds {
    private Seconds() {}

    /** All that is kept and will not change any more: up to the second before the latest fact. */
    static Optional<Range> complete(Readings readings) {
        Optional<Instant> latest = readings.latest();
        if (latest.isEmpty()) {
            return Optional.empty();
        }
        long end = latest.get().getEpochSecond();
        long begin = Math.min(end, readings.kept().from().getEpochSecond());
        return begin == end ? Optional.empty() : Optional.of(of(begin, end));
    }

    static Range of(long from, long to) {
        return new Range(Instant.ofEpochSecond(from), Instant.ofEpochSecond(to));
    }
}
