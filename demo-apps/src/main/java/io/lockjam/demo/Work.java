// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.concurrent.TimeUnit;

/** Pretended work: computing that takes processor time, and calls to other services that take none. */
public final class Work {
    /** Rounds of {@link #mix} in a microsecond, measured once: a clock would count time without a core as work. */
    private static final double ROUNDS_PER_MICRO = calibrate();

    private static volatile long sink;

    private Work() {}

    /** Computes for about {@code micros} microseconds of processor time. */
    public static void compute(long micros) {
        long value = mix((long) (micros * ROUNDS_PER_MICRO));
        if (value == 0) {
            sink = value; // never: keeps the compiler from leaving the loop out
        }
    }

    /** Waits as long as a call to another service would. */
    public static void remoteCall(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    private static long mix(long rounds) {
        long value = 0x9E3779B97F4A7C15L;
        for (long i = 0; i < rounds; i++) {
            value ^= value << 13;
            value ^= value >>> 7;
            value ^= value << 17;
        }
        return value;
    }

    private static double calibrate() {
        double best = 1;
        long rounds = 20_000;
        for (int run = 0; run < 60; run++) {
            long begin = System.nanoTime();
            if (mix(rounds) == 0) {
                sink = 0;
            }
            best = Math.max(best, rounds * 1_000.0 / (System.nanoTime() - begin));
        }
        return best;
    }
}
