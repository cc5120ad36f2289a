// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** One wait that has begun: what a hook at the start of a wait leaves for the one at its end. */
final class Wait {
    /**
     * A thread that loses its core between two looks at the clock and the owner tells an owner of another moment: one that was not so, or
     * is no longer so, when the wait began.
     */
    private static final long SAME_MOMENT = 1_000_000;

    final LockStat stat;
    final long requestedAt;
    final @Nullable Thread owner;
    /** Time-out of a park in nanoseconds; 0 if it has none. */
    final long timeout;
    /** Identity to report for a single wait whose totals are summed by class; otherwise that of the stat. */
    final int id;
    /** Where it is counted as under way; null where nobody asks. */
    final @Nullable Since since;

    Wait(LockStat stat, long requestedAt, @Nullable Thread owner, long timeout, int id, @Nullable Since since) {
        this.stat = stat;
        this.requestedAt = requestedAt;
        this.owner = owner;
        this.timeout = timeout;
        this.id = id;
        this.since = since;
    }

    /** The owner as it was read; null if that took so long that it may be one of another moment. */
    static @Nullable Thread ofMoment(@Nullable Thread owner, long moment, long readAt) {
        return readAt - moment > SAME_MOMENT ? null : owner;
    }
}
