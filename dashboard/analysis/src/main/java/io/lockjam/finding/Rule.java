// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

/**
 * Decides on one kind of finding; a record of its thresholds.
 *
 * @param <T> what it looks at: one lock, one pool, or the whole situation
 */
interface Rule<T> {
    Kind kind();

    Verdict check(T part, Situation all);

    default Verdict notYet(String missing) {
        return new Verdict.NotEnoughData(kind(), missing);
    }
}
