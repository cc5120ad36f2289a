// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Optional;

/** Finds the name that the code at a wait site has for the lock it takes there. */
@FunctionalInterface
public interface LockNaming {
    /** Knows no name: locks are called by their class and site. */
    LockNaming NONE = (kind, lock, stack) -> Optional.empty();

    /**
     * Must be quick or cache: it runs in the thread that feeds the session.
     *
     * @param stack the waiter's, innermost frame first; never empty
     */
    Optional<String> name(WaitKind kind, LockRef lock, Stack stack);

    /** Takes over a name that the recording kept; those asked for before are asked for again. */
    default void learn(Fact.Named named) {}

    /** Whether a name leaves open which of two locks it is, so that another site may know better. */
    default boolean leavesOpen(String name) {
        return false;
    }

    /**
     * Whether the innermost frame stands in a loop that calls nothing but {@code Thread.onSpinWait}, {@code Thread.yield} or a getter and
     * stores nothing: it only waits for a value to change.
     */
    default boolean polls(Stack stack) {
        return false;
    }
}
