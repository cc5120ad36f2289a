// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.util.List;

/** What a rule concludes about one window. */
public sealed interface Verdict {
    /**
     * Too little was seen to decide.
     *
     * @param missing what was looked at and what is not there yet
     */
    record NotEnoughData(Kind kind, String missing) implements Verdict {}

    /** Looked at and found in order. */
    record Clear() implements Verdict {}

    /**
     * Looked at and found wanting.
     *
     * @param findings at least one; where things stand in several independent places, one for each
     */
    record Found(List<Finding> findings) implements Verdict {
        Found(Finding finding) {
            this(List.of(finding));
        }

        /** The first. */
        Finding finding() {
            return findings.get(0);
        }
    }

    Clear CLEAR = new Clear();

    static Verdict of(List<Finding> findings) {
        return findings.isEmpty() ? CLEAR : new Found(findings);
    }
}
