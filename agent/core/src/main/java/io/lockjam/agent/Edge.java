// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.WaitNowEvent;
import org.jspecify.annotations.Nullable;

/**
 * One row of a snapshot: a thread that waits, and for whom.
 *
 * @param since when the wait was first seen, as System.nanoTime
 * @param weight how many threads in the same wait it stands for
 * @param missing counts or parties that have still to come before the wait ends; -1 if it is not known
 */
record Edge(
        Thread waiter,
        long waitId,
        String kind,
        String lockClass,
        long lockId,
        @Nullable Thread owner,
        long since,
        boolean idle,
        int weight,
        int missing) {
    Edge ownedBy(Thread found) {
        return new Edge(waiter, waitId, kind, lockClass, lockId, found, since, idle, weight, missing);
    }

    Row row(long snapshot, long now) {
        return new Row(WaitNowEvent.NAME)
                .put("snapshot", snapshot)
                .put("waiter", waiter)
                .put("waitId", waitId)
                .put("kind", kind)
                .put("lockClassName", lockClass)
                .put("lockId", lockId)
                .put("owner", owner)
                .put("waitedSoFar", Math.max(0, now - since))
                .put("idle", idle)
                .put("weight", weight)
                .put("missing", missing);
    }

    /** Rows that matter most come first when there are too many: held up by a known thread, held up, idle. */
    int rank() {
        return owner != null ? 0 : idle ? 2 : 1;
    }
}
