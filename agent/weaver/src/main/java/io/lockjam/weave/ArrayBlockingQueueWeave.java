// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.util.List;

/** Producers without room and consumers without element of an ArrayBlockingQueue. */
final class ArrayBlockingQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.ArrayBlockingQueue";
    }

    @Override
    public List<Preceded> preceded() {
        return List.of(
                Conditions.awaits(QueueHooks.PUT, "put", "offer"), Conditions.awaits(QueueHooks.TAKE, "take", "poll"));
    }
}
