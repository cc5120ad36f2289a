// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last stack taken of a waiter, by what it waited for: a wait that has not ended has no fact of its own, so its lock gets its name
 * from here. The stack may come before the first row that tells of the wait, or after.
 */
final class WaiterStacks {
    private static final int MOST = 1_000;

    /** A row older than this no longer stands for the wait that the stack was taken in. */
    private static final int RECENT_SECONDS = 10;

    private final LockTable locks;
    private final Map<LockRef, Stack> stacks = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LockRef, Stack> eldest) {
            return size() > MOST;
        }
    };

    WaiterStacks(LockTable locks) {
        this.locks = locks;
    }

    /** A stack came; locks whose rows have come tell their names by it. */
    void learn(LockRef lock, Stack stack, long second) {
        stacks.put(lock, stack);
        for (WaitKind kind : WaitKind.values()) {
            LockTable.Entry known = locks.peek(kind, lock);
            if (known != null && known.lastSecond >= second - RECENT_SECONDS) {
                locks.learn(known, stack);
            }
        }
    }

    /** Empty if none was taken. */
    Stack of(LockRef lock) {
        return stacks.getOrDefault(lock, Stack.EMPTY);
    }

    /** A row came; it gets its name by a stack that came before it. */
    void tell(LockTable.Entry entry, LockRef lock) {
        Stack taken = entry.name == null ? stacks.get(lock) : null;
        if (taken != null) {
            locks.learn(entry, taken);
        }
    }
}
