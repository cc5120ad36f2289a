// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

import java.util.Arrays;

/**
 * Tasks that n threads finish in a second when all of them have work.
 *
 * <p>A task alternates between computing, for which it shares the cores, and waiting for something else. That is the machine repairman
 * (Feller, 1950): of n threads, k want a core with a probability that follows from a birth and death chain, and min(k, cores) of them get
 * one. With no computing it is n ÷ service time; with nothing else it stops at the cores.
 */
final class Throughput {
    /** Beyond this share of what the cores can do further threads are not worth their computation. */
    private static final double SATURATED = 0.9999;

    /** So few threads for so many cores do not meet at a core. */
    private static final double ALONE = 0.02;

    private static final double LARGE = 1e200;

    private final double computing;
    private final double waiting;
    private final double cores;
    private double[] known = new double[64]; // 0: not yet computed
    private int saturatedAt = Integer.MAX_VALUE;

    /**
     * @param computing seconds on a core for each task; 0 if not known
     * @param waiting seconds for each task spent neither on a core nor in wait for one
     * @param cores 0 if not known
     */
    Throughput(double computing, double waiting, double cores) {
        this.computing = cores > 0 ? computing : 0;
        this.waiting = cores > 0 ? waiting : waiting + computing;
        this.cores = cores;
    }

    double cores() {
        return cores;
    }

    /** Tasks a second that no number of threads exceeds; infinite if tasks need no core. */
    double limit() {
        return computing <= 0 ? Double.POSITIVE_INFINITY : cores / computing;
    }

    double at(int threads) {
        if (computing <= 0 || waiting <= 0) {
            return computing <= 0 ? threads / waiting : Math.min(threads, cores) / computing;
        }
        if (threads * computing / (computing + waiting) <= ALONE * Math.max(1, cores) && cores >= 1) {
            return threads / (computing + waiting);
        }
        if (threads >= saturatedAt) {
            return limit();
        }
        if (threads >= known.length) {
            known = Arrays.copyOf(known, Integer.highestOneBit(threads) * 2);
        }
        if (known[threads] == 0) {
            known[threads] = compute(threads);
            saturatedAt = known[threads] >= SATURATED * limit() ? threads + 1 : saturatedAt;
        }
        return known[threads];
    }

    private double compute(int threads) {
        double weight = 1; // of k threads that want a core
        double sum = 1;
        double busyCores = 0;
        for (int k = 1; k <= threads; k++) {
            double running = Math.min(k, cores);
            weight *= (threads - k + 1) * computing / (waiting * running);
            sum += weight;
            busyCores += weight * running;
            if (weight > LARGE) {
                weight /= LARGE;
                sum /= LARGE;
                busyCores /= LARGE;
            }
        }
        return busyCores / sum / computing;
    }
}
