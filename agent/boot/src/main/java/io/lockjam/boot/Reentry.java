// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a hook from meeting itself: a wait inside the committing of an event is not seen.
 *
 * <p>No thread-local, since a virtual thread has to be as cheap as before: a thread takes the slot of its hash, and goes
 * without its event if another thread has it.
 */
final class Reentry {
    private static final int SLOTS = 64;
    private static final AtomicReferenceArray<@Nullable Thread> INSIDE = new AtomicReferenceArray<>(SLOTS);

    /** What was there a second ago; the agent's thread only. */
    private static final @Nullable Thread[] BEFORE = new @Nullable Thread[SLOTS];

    private Reentry() {}

    static boolean inside(Thread current) {
        return INSIDE.get(slot(current)) == current;
    }

    static boolean enter(Thread current) {
        return INSIDE.compareAndSet(slot(current), null, current);
    }

    static void leave(Thread current) {
        INSIDE.set(slot(current), null);
    }

    /** Frees the slots of threads that have been inside for a whole second: they ran out of stack when they left. */
    static void free() {
        for (int slot = 0; slot < SLOTS; slot++) {
            Thread there = INSIDE.get(slot);
            boolean stuck = there != null && there == BEFORE[slot];
            BEFORE[slot] = stuck && INSIDE.compareAndSet(slot, there, null) ? null : there;
        }
    }

    static void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            INSIDE.set(slot, null);
            BEFORE[slot] = null;
        }
    }

    private static int slot(Thread thread) {
        return System.identityHashCode(thread) & (SLOTS - 1);
    }
}
