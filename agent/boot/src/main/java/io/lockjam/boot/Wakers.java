// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who woke whom, of late: a thread that gives a signal or something back unparks the one that goes on.
 *
 * <p>A fixed table without locks; where two meet in one slot, or a write is torn, the answer is that it is not known. Threads are held for an
 * interval at most.
 */
final class Wakers {
    private static final int SLOTS = 1024;

    private static final @Nullable Thread[] WAKER = new @Nullable Thread[SLOTS];

    /** Identity of the woken thread, 0 while the slot is written or empty. */
    private static final int[] WOKEN = new int[SLOTS];

    private Wakers() {}

    /** The current thread wakes another. */
    static void wakes(Thread woken) {
        int id = System.identityHashCode(woken);
        int slot = slot(id);
        WOKEN[slot] = 0;
        WAKER[slot] = Thread.currentThread();
        WOKEN[slot] = id;
    }

    /** Who woke the current thread last, if that was not asked before. */
    static @Nullable Thread of(Thread current) {
        int id = System.identityHashCode(current);
        int slot = slot(id);
        Thread waker = WOKEN[slot] == id ? WAKER[slot] : null;
        if (waker == null || WOKEN[slot] != id) {
            return null;
        }
        WOKEN[slot] = 0;
        return waker;
    }

    static void clear() {
        Arrays.fill(WOKEN, 0);
        Arrays.fill(WAKER, null);
    }

    private static int slot(int id) {
        int hash = id * 0x9E3779B9;
        return (hash >>> 16) & (SLOTS - 1);
    }
}
