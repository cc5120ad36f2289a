// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.concurrent.TimeUnit;

/** Pretended work: computing that takes processor time, and calls to other services that take none. */
public final class Work {
    /** Rounds of {@link Mixer#mix} in a microsecond, measured once: a clock would count time without a core as work. */
    private static final double ROUNDS_PER_MICRO = Mixer.calibrate();

    private Work() {}

    /** Measures this machine, so that no thread of a demo has to wait for it. */
    static void calibrate() {
        compute(1);
    }

    /** Computes for about {@code micros} microseconds of processor time. */
    public static void compute(long micros) {
        Mixer.consume(Mixer.mix((long) (micros * ROUNDS_PER_MICRO)));
    }

    /** Waits as long as a call to another service would. */
    public static void remoteCall(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /** A class of its own, initialised before it is measured: code of a class in initialisation runs slowly. */
    private static final class Mixer {
        /** Long enough for the compiler to have finished with {@link #mix}. */
        private static final long CALIBRATION_NANOS = 200_000_000;

        private static final long ROUNDS = 2_000;

        @SuppressWarnings("UnusedVariable") // written so that the compiler does not leave the work out
        private static volatile long sink;

        static long mix(long rounds) {
            long value = 0x9E3779B97F4A7C15L;
            for (long i = 0; i < rounds; i++) {
                value ^= value << 13;
                value ^= value >>> 7;
                value ^= value << 17;
            }
            return value;
        }

        /** Keeps the compiler from leaving the work out. */
        static void consume(long value) {
            if (value == 0) {
                sink = value;
            }
        }

        /** The best of many short runs: a run without a core for a while is no measure. */
        static double calibrate() {
            double best = 1;
            long begin = System.nanoTime();
            for (long now = begin; now - begin < CALIBRATION_NANOS; ) {
                consume(mix(ROUNDS));
                long after = System.nanoTime();
                best = Math.max(best, ROUNDS * 1_000.0 / Math.max(1, after - now));
                now = after;
            }
            return best;
        }
    }
}
