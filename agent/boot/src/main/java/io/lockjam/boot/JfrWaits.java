// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import io.lockjam.event.LockWaitEvent;
import io.lockjam.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/** Commits the single events that hooks make; apart from them, so that they link without JFR. */
final class JfrWaits {
    private JfrWaits() {}

    /** Makes the classes ready without committing anything; returns how many types are recorded now. */
    static int preload() {
        int recorded = new LockWaitEvent().shouldCommit() ? 1 : 0;
        recorded += new TaskEvent().shouldCommit() ? 1 : 0;
        return recorded + JfrSink.preload();
    }

    /** @param endedAt by which, and not by the time of the event, the wait began with its owner */
    static void wait(Wait wait, long waited, long endedAt, @Nullable Thread releasedBy, int weight, boolean granted) {
        LockWaitEvent event = new LockWaitEvent();
        if (event.shouldCommit()) {
            event.kind = wait.stat.kind.id;
            event.lockClass = wait.stat.reported;
            event.lockId = wait.id;
            event.waited = waited;
            event.owner = Wait.ofMoment(wait.owner, endedAt, System.nanoTime());
            event.releasedBy = releasedBy;
            event.weight = weight;
            event.granted = granted;
            event.commit();
        }
    }

    static void task(int poolId, Class<?> taskClass, int queueDepth) {
        TaskEvent event = new TaskEvent();
        if (event.shouldCommit()) {
            event.poolId = poolId;
            event.taskClass = taskClass;
            event.queueDepth = queueDepth;
            event.commit();
        }
    }
}
