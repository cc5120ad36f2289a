// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.PoolSamples;

/** How unevenly tasks come to a pool: counts of arrivals between looks at it. */
final class ArrivalCounts {
    /** Counts from which a variation can be told: its error is then about a third. */
    private static final int VARIATION_COUNTS = 20;

    private long counts;
    private long nanos;
    private long arrived;
    private double squares; // of each count, ÷ the seconds it took

    /** Of a pool at which arrivals cannot be counted between looks, the whole interval is one. */
    void add(Fact.PoolTotals fact) {
        PoolSamples samples = fact.samples();
        if (samples.looks() > 0 && !samples.looked().isZero()) {
            counts += samples.looks();
            nanos += samples.looked().toNanos();
            arrived += samples.arrived();
            squares += samples.arrivalSquares();
        } else {
            long interval = Math.max(1, fact.interval().toNanos());
            counts++;
            nanos += interval;
            arrived += fact.arrivals();
            squares += fact.arrivals() * (fact.arrivals() * 1e9 / interval);
        }
    }

    /** Nothing came for so long. */
    void addSilence(long silentNanos) {
        counts = nanos == 0 ? counts : Math.round(counts * (1 + (double) silentNanos / nanos));
        nanos += silentNanos;
    }

    /**
     * Squared coefficient of variation of the gaps; NaN if too little is known. For a Poisson stream the variance of the count in a while equals
     * its mean, so variance ÷ mean of the counts estimates it (index of dispersion; Cox and Lewis, 1966). Each count is set against what was to
     * come in its own time: looks are not made to the millisecond.
     */
    double variation() {
        if (counts < VARIATION_COUNTS || arrived == 0) {
            return Double.NaN;
        }
        double rate = arrived * 1e9 / nanos;
        return Math.max(0, squares / rate - arrived) / (counts - 1);
    }
}
