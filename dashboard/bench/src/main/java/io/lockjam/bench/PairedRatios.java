// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Ratios of neighbouring measurements, and what they say together.
 *
 * <p>The mean is geometric, after a tenth of the pairs at either end has been cut off: one collection of garbage or one busy
 * neighbour must not decide. The interval is a percentile bootstrap over whole pairs (Efron, 1979), 95 %.
 */
public final class PairedRatios {
    private static final int RESAMPLES = 10_000;
    private static final double TRIMMED = 0.1;

    private final List<Double> logarithms = new ArrayList<>();

    /** A ratio and the interval it lies in with 95 % confidence. */
    public record Estimate(double ratio, double low, double high, int pairs) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.4f [%.4f, %.4f], %d pairs", ratio, low, high, pairs);
        }
    }

    /** Adds one pair, both measured in the same unit. */
    public void add(double with, double without) {
        logarithms.add(Math.log(with / without));
    }

    public Estimate estimate() {
        double[] all = logarithms.stream().mapToDouble(Double::doubleValue).toArray();
        double[] means = new double[RESAMPLES];
        SplittableRandom random = new SplittableRandom(1);
        double[] drawn = new double[all.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int k = 0; k < drawn.length; k++) {
                drawn[k] = all[random.nextInt(all.length)];
            }
            means[i] = mean(drawn);
        }
        Arrays.sort(means);
        return new Estimate(
                Math.exp(mean(all)),
                Math.exp(means[(int) (RESAMPLES * 0.025)]),
                Math.exp(means[(int) (RESAMPLES * 0.975)]),
                all.length);
    }

    private static double mean(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int cut = (int) (sorted.length * TRIMMED);
        return Arrays.stream(sorted, cut, sorted.length - cut).average().orElse(Double.NaN);
    }
}
