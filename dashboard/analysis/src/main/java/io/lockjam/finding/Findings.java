// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.Range;
import io.lockjam.window.Session;
import java.util.List;

/**
 * What all rules say of one range.
 *
 * @param found worst first, then most costly
 * @param unknown what could not be judged, and what is missing
 */
public record Findings(Range range, List<Finding> found, List<Verdict.NotEnoughData> unknown) {
    /** Applies every rule; takes milliseconds, safe to call from any thread. */
    public static Findings check(Session session, Range range) {
        throw new UnsupportedOperationException();
    }
}
