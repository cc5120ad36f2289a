// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to attach.
 *
 * @param keep leave the agent in when we go
 * @param history how long the repository keeps events; null for as long as there is room, as a recording wants it
 */
public record AttachOptions(
        Depth depth, boolean keep, @Nullable Duration history) {
    /** How long the agent waits for a lost dashboard before it undoes everything. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** The dashboard keeps its own 15 minutes; the repository is only the way there. */
    private static final Duration LIVE_HISTORY = Duration.ofMinutes(5);

    /** For a dashboard that reads along. */
    public static AttachOptions live(Depth depth, boolean keep) {
        return new AttachOptions(depth, keep, LIVE_HISTORY);
    }

    /** For a file that is to hold everything from beginning to end. */
    public static AttachOptions recording(Depth depth) {
        return new AttachOptions(depth, false, null);
    }
}
