// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import io.lockjam.event.LoopTurnEvent;

/** Commits the long turns of loops; apart from {@link LoopHooks}, so that it links without JFR. */
final class JfrLoops {
    private JfrLoops() {}

    /** Makes the class ready without committing anything; returns 1 if the type is recorded now. */
    static int preload() {
        return new LoopTurnEvent().shouldCommit() ? 1 : 0;
    }

    static void turn(long held, long turns) {
        LoopTurnEvent event = new LoopTurnEvent();
        if (event.shouldCommit()) {
            event.held = held;
            event.turns = turns;
            event.commit();
        }
    }
}
