// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Collection;

/**
 * How much of the exact sums each kept wait stands for: the longest are kept, so a share of the time is no share of the number.
 *
 * @param time factor for the time of kept waits
 * @param number factor for their number
 */
record Scale(double time, double number) {
    /** One where nothing is known of the sums: they come a little later than single waits. */
    static Scale of(Collection<Second.KeptWait> kept, double nanos, double waits) {
        double keptNanos = 0;
        double keptWaits = 0;
        for (Second.KeptWait wait : kept) {
            keptNanos += wait.nanos;
            keptWaits += wait.fact.weight();
        }
        return new Scale(factor(nanos, keptNanos), factor(waits, keptWaits));
    }

    private static double factor(double sum, double kept) {
        return kept <= 0 || sum <= 0 ? 1 : sum / kept;
    }
}
