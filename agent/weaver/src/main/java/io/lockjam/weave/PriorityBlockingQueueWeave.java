// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.util.List;

/** Consumers of a PriorityBlockingQueue, which is unbounded. */
final class PriorityBlockingQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.PriorityBlockingQueue";
    }

    @Override
    public List<Preceded> preceded() {
        return List.of(Conditions.awaits(QueueHooks.TAKE, "take", "poll"));
    }
}
