// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.util.List;

/** Workers of a scheduled pool that wait for a task to fall due. */
final class DelayedWorkQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue";
    }

    @Override
    public List<Preceded> preceded() {
        return List.of(Conditions.awaits(QueueHooks.TAKE, "take", "poll"));
    }
}
