// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** The time that threads spend in one state, from how many of them are in it at moments: between two, the mean of both. */
final class ThreadTime {
    private long counted;
    private double last;
    private double nanos;

    void count() {
        counted++;
    }

    /** Ends a count in which each thread counted stands for so many; returns how many there are. */
    double counted(double scale, long apart) {
        double now = counted * scale;
        nanos += apart * (now + last) / 2;
        last = now;
        counted = 0;
        return now;
    }

    /** Nanoseconds since the last call. */
    double take() {
        double taken = nanos;
        nanos = 0;
        return taken;
    }
}
