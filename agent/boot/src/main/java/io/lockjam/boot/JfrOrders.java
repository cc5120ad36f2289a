// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import io.lockjam.event.LockOrderEvent;

/** Commits nestings of locks; apart from them, so that they link without JFR. */
final class JfrOrders {
    private JfrOrders() {}

    static boolean preload() {
        LockOrderEvent event = new LockOrderEvent();
        return event.shouldCommit() || !event.isEnabled();
    }

    static void commit(Nesting nesting) {
        LockOrderEvent event = new LockOrderEvent();
        if (event.shouldCommit()) {
            event.heldClassName = Hooks.unpooled(nesting.heldClassName());
            event.heldId = nesting.heldId();
            event.heldAt = Hooks.unpooled(nesting.heldAt());
            event.wantedClassName = Hooks.unpooled(nesting.wantedClassName());
            event.wantedId = nesting.wantedId();
            event.gates = Hooks.unpooled(nesting.gates());
            event.tried = nesting.tried();
            event.commit();
        }
    }
}
