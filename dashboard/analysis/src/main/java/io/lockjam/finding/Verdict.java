// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

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

    /** Looked at and found wanting. */
    record Found(Finding finding) implements Verdict {}

    Clear CLEAR = new Clear();
}
