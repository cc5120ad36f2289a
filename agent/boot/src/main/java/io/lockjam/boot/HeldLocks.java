// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Locks that threads hold or ask for in woven code, as far as seen.
 *
 * <p>No thread-local: a bounded table by thread, written by its own thread, read by others only to learn whether somebody
 * wants a lock. It may be out of date, since a release elsewhere or by an exception is not seen; whoever draws a
 * conclusion asks the JVM first whether the lock is held ({@link Locks#heldByMe}). Cleared with every window.
 */
final class HeldLocks {
    private static final int SLOTS = 1024;
    private static final int REACH = 8;

    private static final AtomicReferenceArray<@Nullable Held> TABLE = new AtomicReferenceArray<>(SLOTS);

    private HeldLocks() {}

    /** Locks of one thread, oldest first; what does not fit is not remembered. */
    static final class Held {
        static final int MOST = 8;
        private static final int MOST_MADE = 8;

        final Thread thread;
        private final @Nullable Object[] made = new Object[MOST_MADE];
        private int nextMade;
        final @Nullable Object[] locks = new Object[MOST];
        final @Nullable String[] sites = new String[MOST];
        /** The last semaphore or flag that the thread has passed; it has no owner, so it is no lock of which the order is told. */
        @Nullable
        Object gate;

        volatile int depth;

        Held(Thread thread) {
            this.thread = thread;
        }

        /** Whether another thread may have the entry. */
        boolean isFree() {
            Object passed = gate;
            return depth == 0 && (passed == null || !thread.isAlive() || !Locks.isShut(passed));
        }

        void push(Object lock, String site) {
            int at = depth;
            if (at < MOST) {
                locks[at] = lock;
                sites[at] = site;
                depth = at + 1;
            }
        }

        void made(Object lock) {
            made[nextMade++ & (MOST_MADE - 1)] = lock;
        }

        /** Whether the thread itself has made the lock and not had it yet; from now on it has. */
        boolean takeMade(Object lock) {
            for (int i = 0; i < MOST_MADE; i++) {
                if (made[i] == lock) {
                    made[i] = null;
                    return true;
                }
            }
            return false;
        }

        void remove(Object lock) {
            if (gate == lock) {
                gate = null;
            }
            for (int i = depth - 1; i >= 0; i--) {
                if (locks[i] == lock) {
                    removeAt(i);
                    return;
                }
            }
        }

        void removeAt(int index) {
            int last = depth - 1;
            for (int i = index; i < last; i++) {
                locks[i] = locks[i + 1];
                sites[i] = sites[i + 1];
            }
            locks[last] = null;
            sites[last] = null;
            depth = last;
        }

        /** Drops what this thread, which has to be the current one, does not hold any more. */
        void prune() {
            for (int i = depth - 1; i >= 0; i--) {
                Object lock = locks[i];
                if (lock == null || !Locks.heldByMe(lock)) {
                    removeAt(i);
                }
            }
        }
    }

    static @Nullable Held of(Thread me) {
        int home = home(me);
        for (int i = 0; i < REACH; i++) {
            Held held = TABLE.get((home + i) & (SLOTS - 1));
            if (held != null && held.thread == me) {
                return held;
            }
        }
        return null;
    }

    /** Takes an entry that nobody needs; null if there is none near. */
    static @Nullable Held create(Thread me) {
        int home = home(me);
        for (int i = 0; i < REACH; i++) {
            int slot = (home + i) & (SLOTS - 1);
            Held there = TABLE.get(slot);
            if (there == null || there.isFree()) {
                Held mine = new Held(me);
                if (TABLE.compareAndSet(slot, there, mine)) {
                    return mine;
                }
            }
        }
        return null;
    }

    static boolean any(Thread me) {
        Held held = of(me);
        if (held == null || held.depth == 0) {
            return false;
        }
        held.prune();
        return held.depth > 0;
    }

    /** Whether another thread is known to ask for a lock that this one holds. */
    static boolean wantedByOthers(Thread me) {
        if (!any(me)) {
            return false;
        }
        Held mine = of(me);
        for (int slot = 0; slot < SLOTS; slot++) {
            Held other = TABLE.get(slot);
            if (other == null || other == mine || mine == null) {
                continue;
            }
            for (int i = other.depth - 1; i >= 0; i--) {
                Object lock = i < Held.MOST ? other.locks[i] : null;
                if (lock != null && mine.depth > 0 && contains(mine, lock)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Classes and identities of the locks the current thread holds, separated by line feeds. */
    static String names(Thread me) {
        Held held = of(me);
        if (held == null) {
            return "";
        }
        held.prune();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < held.depth; i++) {
            Object lock = held.locks[i];
            if (lock != null) {
                names.append(names.length() == 0 ? "" : "\n").append(name(lock));
            }
        }
        return names.toString();
    }

    /** @param guard what the thread is about to lock besides; null if nothing */
    static String names(Thread me, @Nullable Object guard) {
        String held = names(me);
        return guard == null ? held : held.isEmpty() ? name(guard) : held + "\n" + name(guard);
    }

    private static String name(Object lock) {
        return Locks.className(lock) + '@' + Integer.toHexString(Locks.id(lock));
    }

    static void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            TABLE.set(slot, null);
        }
    }

    private static boolean contains(Held held, Object lock) {
        for (int i = 0; i < held.depth; i++) {
            if (held.locks[i] == lock) {
                return true;
            }
        }
        return false;
    }

    private static int home(Thread thread) {
        return System.identityHashCode(thread) & (SLOTS - 1);
    }
}
