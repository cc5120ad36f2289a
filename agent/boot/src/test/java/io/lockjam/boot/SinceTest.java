// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SinceTest {
    /** What two begins can be rounded by. */
    private static final double ROUNDED = 0.2;

    private final Since since = new Since();

    private static long nanos(double millis) {
        return TimeUnit.HOURS.toNanos(30) + (long) (millis * 1e6); // beyond the wrap
    }

    private static long length(double millis) {
        return (long) (millis * 1e6);
    }

    @Test
    void waitsUnderWayCountInEachInterval() {
        since.enter(nanos(0));
        since.enter(nanos(400));

        assertThat(since.waited(0, nanos(1_000)) / 1e6).isCloseTo(1_600, within(ROUNDED));
        assertThat(since.waited(0, nanos(2_000)) / 1e6).isCloseTo(2_000, within(ROUNDED));
    }

    @Test
    void aWaitCountsOnceWhenItEnds() {
        since.enter(nanos(0));
        since.waited(0, nanos(1_000));
        since.leave(nanos(0));

        assertThat(since.waited(length(1_300), nanos(2_000)) / 1e6).isCloseTo(300, within(ROUNDED));
        assertThat(since.waited(0, nanos(3_000))).isZero();
    }

    @Test
    void aWaitThatEndsDuringTheFlushIsMadeUpForInTheNext() {
        since.enter(nanos(0));
        since.waited(0, nanos(1_000));
        since.leave(nanos(0));

        assertThat(since.waited(0, nanos(2_000)))
                .as("its length is not drained yet")
                .isZero();
        assertThat(since.waited(length(1_300), nanos(3_000)) / 1e6).isCloseTo(300, within(ROUNDED));
    }
}
