// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.util.List;

/** Consumers of a DelayQueue, for an element or for its delay to pass. */
final class DelayQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.DelayQueue";
    }

    @Override
    public List<Preceded> preceded() {
        return List.of(Conditions.awaits(QueueHooks.TAKE, "take", "poll"));
    }
}
