// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.time.Duration;

/**
 * Looks at a pool between two of its totals.
 *
 * @param looks at which arrivals since the look before were counted; 0 if they cannot be
 * @param looked time between those looks, added up
 * @param arrived tasks counted at them
 * @param busyMost largest number busy; -1 if not known
 * @param arrivalSquares sum of the squares of those counts, each ÷ the seconds since the look before
 * @param holdersWaiting slots out if all their holders wait for another one, else 0
 */
public record PoolSamples(
        int looks, Duration looked, long arrived, int busyMost, double arrivalSquares, int holdersWaiting) {
    public static final PoolSamples NONE = new PoolSamples(0, Duration.ZERO, 0, -1, 0, 0);
}
