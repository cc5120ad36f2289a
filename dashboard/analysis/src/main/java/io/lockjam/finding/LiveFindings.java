// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Findings over the life of a session: since when, how often, gone, muted. Safe for one writer and many readers. */
public final class LiveFindings {
    /**
     * One finding as it stands.
     *
     * @param finding as last found
     * @param times how often it has come up again after it was gone, counting from 1
     * @param open false once it has not been found for the closing time
     */
    public record Tracked(
            Finding finding, Instant firstSeen, Instant lastSeen, int times, boolean open, boolean muted) {
        public String id() {
            return finding.id();
        }
    }

    /** Takes over the latest check; what is missing from it closes after five seconds. */
    public void update(Findings latest) {
        throw new UnsupportedOperationException();
    }

    /** Open ones that are not muted, worst first. */
    public List<Tracked> open() {
        throw new UnsupportedOperationException();
    }

    /** All that were ever seen and are still remembered, open ones first; at most 500. */
    public List<Tracked> all() {
        throw new UnsupportedOperationException();
    }

    public Optional<Tracked> byId(String id) {
        throw new UnsupportedOperationException();
    }

    /** Whether a finding of this id is known. */
    public boolean mute(String id, boolean muted) {
        throw new UnsupportedOperationException();
    }
}
