// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Customers who come independently of each other: a Poisson process of a given rate. For one thread. */
public final class Arrivals {
    /** Any fixed seed: each run of a demo sees the same arrivals. */
    private static final long SEED = 17;

    private final Random random = new Random(SEED);
    private final double perSecond;
    private long nextAt = System.nanoTime();

    public Arrivals(double perSecond) {
        this.perSecond = perSecond;
    }

    /** Waits for the next arrival; those that came meanwhile follow without a wait. */
    public void await() throws InterruptedException {
        double seconds = -Math.log(1 - random.nextDouble()) / perSecond;
        nextAt += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        long ahead = nextAt - System.nanoTime();
        if (ahead > 0) {
            TimeUnit.NANOSECONDS.sleep(ahead);
        }
    }
}
