// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.util.List;

/** Producers without room and consumers without element of a LinkedBlockingDeque. */
final class LinkedBlockingDequeWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.LinkedBlockingDeque";
    }

    @Override
    public List<Preceded> preceded() {
        return List.of(
                Conditions.awaits(QueueHooks.PUT, "putFirst", "putLast", "offerFirst", "offerLast"),
                Conditions.awaits(QueueHooks.TAKE, "takeFirst", "takeLast", "pollFirst", "pollLast"));
    }
}
