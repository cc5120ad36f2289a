// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Collection;

/**
 * How much of the exact sums each kept wait stands for, which are the longest, as a rule. So a share of the time may be fewer waits than there were, since the short
 * ones could have been anywhere, but is never more than were counted.
 *
 * @param time factor for the time of kept waits
 * @param number factor for their number
 */
record Scale(double time, double number) {
    /** By the exact sums. */
    static Scale of(Collection<Second.KeptWait> kept, long nanos, long waits) {
        return of(kept, (double) nanos, (double) waits);
    }

    /** One where nothing is known of the sums: they come a little later than single waits. */
    static Scale of(Collection<Second.KeptWait> kept, double nanos, double waits) {
        double keptNanos = 0;
        double keptWaits = 0;
        for (Second.KeptWait wait : kept) {
            keptNanos += wait.nanos;
            keptWaits += wait.fact.weight();
        }
        double time = factor(nanos, keptNanos);
        return new Scale(time, Math.min(time, factor(waits, keptWaits)));
    }

    private static double factor(double sum, double kept) {
        return kept <= 0 || sum <= 0 ? 1 : sum / kept;
    }
}
