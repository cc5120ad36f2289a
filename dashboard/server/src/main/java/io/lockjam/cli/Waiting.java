// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.time.Duration;

/** Lets a known time pass and shows how much of it has. */
final class Waiting {
    private static final Duration STEP = Duration.ofMillis(500);

    private Waiting() {}

    static Stop.Reason withProgress(Stop stop, Duration length, String what, Console console)
            throws InterruptedException {
        long began = System.nanoTime();
        Duration passed = Duration.ZERO;
        while (passed.compareTo(length) < 0 && !stop.requested()) {
            console.progress(what, passed.toMillis(), length.toMillis());
            Duration left = length.minus(passed);
            stop.pause(left.compareTo(STEP) < 0 ? left : STEP);
            passed = Duration.ofNanos(System.nanoTime() - began);
        }
        console.progressDone();
        return stop.await(Duration.ZERO);
    }
}
