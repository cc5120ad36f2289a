// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/** A figure of a pool second by second. */
final class PoolSeries {
    /** Between two intervals that follow on each other: a second without the end of one is not one in which nothing happened. */
    private static final Duration JITTER = Duration.ofMillis(100);

    private PoolSeries() {}

    /**
     * A figure each second; -1 before the pool was first seen and after it was last.
     *
     * @param quiet where nothing is told between two seconds, since a pool in which nothing happens is told of once in ten
     */
    static int[] of(
            List<Second.PoolCell> seconds, Range range, ToIntFunction<Fact.PoolTotals> figure, IntUnaryOperator quiet) {
        int[] all = new int[QueueRows.seconds(range)];
        Arrays.fill(all, -1);
        int before = all.length;
        Instant told = range.to();
        for (Second.PoolCell cell : seconds) {
            Fact.PoolTotals fact = cell.fact();
            int index = (int) (fact.at().getEpochSecond() - range.from().getEpochSecond());
            if (index >= 0 && index < all.length) {
                boolean late = !fact.at().minus(fact.interval()).isAfter(told.plus(JITTER));
                for (int missing = before + 1; missing < index; missing++) {
                    all[missing] = late ? all[before] : quiet.applyAsInt(all[before]);
                }
                all[index] = figure.applyAsInt(fact);
                before = index;
                told = fact.at();
            }
        }
        return all;
    }
}
