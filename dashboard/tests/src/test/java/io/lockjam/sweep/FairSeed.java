// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import java.util.List;

/**
 * Chooses arrivals that are worth as much as those of hours.
 *
 * <p>What a model predicts is the mean of all that may come. In an ideal pool, 20 s of bursts make tasks wait 0.6 to 1.5 times as long as that, by
 * chance alone. Of many sequences this takes the one whose waits come closest, with every size and for each length of time that is measured.
 */
final class FairSeed {
    private static final int SEEDS = 200;
    private static final double LONG_SECONDS = 10_000;

    /** In service times: shorter waits are not compared, longer ones grow with time. */
    private static final double SHORTEST = 0.05;

    private static final double LONGEST = 20;

    private final SweepArm arm;
    private final SweepWork.Means means;
    private final List<Integer> sizes;
    private final double[] expected;

    /** @param off how far its waits are from those expected at most, 0.05 for 5 % */
    record Found(long seed, double off) {}

    private FairSeed(SweepArm arm) {
        this.arm = arm;
        this.means = SweepWork.Means.of(arm.work());
        double service = means.computeMillis() + means.waitMillis();
        this.sizes = arm.sizes().stream()
                .filter(size -> {
                    double waits = waitMillis(size, 0, LONG_SECONDS) / service;
                    return waits >= SHORTEST && waits <= LONGEST;
                })
                .toList();
        this.expected = sizes.stream()
                .mapToDouble(size -> waitMillis(size, 0, LONG_SECONDS))
                .toArray();
    }

    static Found of(SweepArm arm) {
        FairSeed fair = new FairSeed(arm);
        Found best = new Found(0, Double.POSITIVE_INFINITY);
        for (long seed = 1; seed <= SEEDS; seed++) {
            double off = fair.off(seed, best.off());
            best = off < best.off() ? new Found(seed, off) : best;
        }
        return best;
    }

    /** Stops where it is further off than the best. */
    private double off(long seed, double best) {
        double most = 0;
        for (double seconds : new double[] {arm.seconds(), arm.secondsWatched()}) {
            for (int i = 0; i < sizes.size() && most < best; i++) {
                most = Math.max(most, Math.abs(waitMillis(sizes.get(i), seed, seconds) / expected[i] - 1));
            }
        }
        return most;
    }

    private double waitMillis(int threads, long seed, double seconds) {
        Arrivals arrivals = new Arrivals(seed, arm.bursty(), arm.perSecond());
        return new IdealPool(means, threads, Runtime.getRuntime().availableProcessors()).waitMillis(arrivals, seconds);
    }
}
