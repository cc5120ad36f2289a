// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import java.util.Random;

/** Tasks that come at random times, one by one or in bursts; the same for the same seed. */
final class Arrivals {
    /** Tasks of a burst come together; their number is geometric with this mean, so Ca² is twice that less one. */
    private static final int BURST = 4;

    private final Random random;
    private final boolean bursty;
    private final double meanGap;

    Arrivals(long seed, boolean bursty, double perSecond) {
        this.random = new Random(seed);
        this.bursty = bursty;
        this.meanGap = (bursty ? BURST : 1) / perSecond;
    }

    /** Seconds from the last burst, or task, to the next. */
    double gap() {
        return exponential() * meanGap;
    }

    /** Of the next task; 1 on average. */
    double length() {
        return exponential();
    }

    /** Whether one more task comes with the last. */
    boolean another() {
        return bursty && random.nextInt(BURST) != 0;
    }

    private double exponential() {
        return -Math.log(1 - random.nextDouble());
    }
}
