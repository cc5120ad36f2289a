// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.util.List;

/** Threads that wait for the others at a CyclicBarrier. */
final class CyclicBarrierWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.CyclicBarrier";
    }

    @Override
    public List<Preceded> preceded() {
        return List.of(Conditions.awaits(QueueHooks.BARRIER, "dowait"));
    }
}
