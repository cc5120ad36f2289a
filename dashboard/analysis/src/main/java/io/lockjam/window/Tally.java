// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.time.Duration;

/** Kept waits that belong together, summed in one pass: there are tens of thousands of them in some minutes. */
final class Tally {
    private Second.KeptWait longest;
    private Second.KeptWait last;
    private long count;
    private double nanos;

    Tally(Second.KeptWait first) {
        longest = first;
        last = first;
    }

    void add(Second.KeptWait wait) {
        longest = wait.fact.waited().compareTo(longest.fact.waited()) > 0 ? wait : longest;
        last = wait;
        count += wait.fact.weight();
        nanos += wait.nanos;
    }

    Second.KeptWait longest() {
        return longest;
    }

    Second.KeptWait last() {
        return last;
    }

    /** The waits, those included for which the kept ones stand. */
    long count() {
        return count;
    }

    double nanos() {
        return nanos;
    }

    long count(Scale scale) {
        return Math.round(count * scale.number());
    }

    Duration waited(Scale scale) {
        return Duration.ofNanos(Math.round(nanos * scale.time()));
    }
}
