// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.List;

/**
 * What size a pool should have, with its arithmetic.
 *
 * @param pool measured
 * @param cores the cores or the quota, whichever is less
 * @param offered busy threads the load needs: arrivals × service time (Little, 1961)
 * @param threads recommended; 0 if nothing can be recommended, {@code why} then says what is missing
 * @param cpuBound most threads that the cores can keep running; 0 if the CPU share is not known
 * @param goetz cores × (1 + wait ÷ compute), for orientation (Goetz et al., 2006, section 8.2); 0 if not known
 * @param closedLoop the submitters wait for their replies, so arrivals depend on the pool
 * @param confident false with the reason in {@code doubt}
 * @param curve predicted mean queue wait by number of threads
 */
public record Advice(
        PoolWindow pool,
        double cores,
        double offered,
        int threads,
        String why,
        int cpuBound,
        int goetz,
        boolean closedLoop,
        boolean confident,
        String doubt,
        List<Point> curve) {
    /**
     * A what-if.
     *
     * @param queueWaitMeanMs infinite if that many threads cannot keep up
     * @param utilisation busy share of the threads, 0 to 1
     */
    public record Point(int threads, double queueWaitMeanMs, double utilisation) {}

    /** @param cores cores the pool may use, cgroup quota included; 0 if not known */
    public static Advice of(PoolWindow pool, double cores) {
        throw new UnsupportedOperationException();
    }

    /** What the model predicts for this many threads. */
    public Point at(int n) {
        throw new UnsupportedOperationException();
    }
}
