// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which nestings of locks were told already, and the way out of new ones. */
final class LockOrders {
    private static final int EDGES = 8192;
    private static final int REACH = 8;
    private static final int PAIRS = 1024;
    /** A pair of places is told for so many pairs of locks: enough to see both orders of one pair among many. */
    private static final int MOST_OF_A_PAIR = 64;

    /** In a circle each nesting has to be another thread's. */
    private static final int MOST_TELLERS = 3;

    private static final int PER_SECOND = 200;
    private static final int RING = 64;

    private static final AtomicLongArray KNOWN = new AtomicLongArray(EDGES);
    private static final AtomicInteger[] OF_PAIR = new AtomicInteger[PAIRS];
    private static final AtomicInteger LEFT = new AtomicInteger(PER_SECOND);
    private static final AtomicReferenceArray<@Nullable Nesting> NESTINGS = new AtomicReferenceArray<>(RING);
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static volatile boolean events;
    /** First tick of which nestings are told. */
    private static volatile int from;

    private static int ticks; // of the agent's thread

    static {
        for (int i = 0; i < PAIRS; i++) {
            OF_PAIR[i] = new AtomicInteger();
        }
    }

    private LockOrders() {}

    static void events(boolean wanted) {
        events = wanted;
    }

    /** @param tick until then threads give back what they held before anybody looked: it could be a gate */
    static void from(int tick) {
        from = tick;
    }

    static void tick() {
        ticks++;
        if (ticks % TrapBudget.TICKS_PER_SECOND == 0) {
            LEFT.set(PER_SECOND);
        }
    }

    static void clear() {
        for (int i = 0; i < EDGES; i++) {
            KNOWN.set(i, 0);
        }
        for (AtomicInteger each : OF_PAIR) {
            each.set(0);
        }
        LEFT.set(PER_SECOND);
    }

    static @Nullable Nesting poll() {
        int newest = NEXT.get();
        for (int i = 0; i < RING; i++) {
            int slot = (newest + i) & (RING - 1);
            if (NESTINGS.get(slot) != null) {
                return NESTINGS.getAndSet(slot, null);
            }
        }
        return null;
    }

    /** Tells the edge from the innermost lock that is really held; outer ones have told theirs to it. */
    static void nested(HeldLocks.Held held, Object lock, String site, boolean tried) {
        int top = held.depth - 1;
        for (int i = top; i >= 0; i--) {
            if (held.locks[i] == lock) {
                return; // taken again
            }
        }
        String heldSite = held.sites[top];
        Object heldLock = held.locks[top];
        if (heldSite == null || heldLock == null || LEFT.get() <= 0 || Probe.armed < from) {
            return;
        }
        AtomicInteger ofPair = OF_PAIR[mix(heldSite.hashCode() * 31L + site.hashCode()) & (PAIRS - 1)];
        if (ofPair.get() >= MOST_OF_A_PAIR) {
            return;
        }
        held.prune();
        if (held.depth == 0) {
            return;
        }
        heldLock = held.locks[held.depth - 1];
        heldSite = held.sites[held.depth - 1];
        if (heldLock == null || heldSite == null || heldLock == lock) {
            return;
        }
        int heldId = Locks.id(heldLock);
        int wantedId = Locks.id(lock);
        if (heldId == wantedId) {
            return; // the other side of one read-write lock
        }
        int teller = teller(heldId, wantedId, heldSite, site, gates(held));
        if (teller > 0) {
            if (teller == 1) {
                ofPair.getAndIncrement();
            }
            tell(heldLock, heldId, heldSite, lock, wantedId, gates(held), tried);
        }
    }

    /**
     * Tells the edge between two locks that one call takes.
     *
     * @param held what the thread holds already; null if nothing
     */
    static void both(HeldLocks.@Nullable Held held, Object outer, Object inner, String site) {
        if (LEFT.get() <= 0 || Probe.armed < from) {
            return;
        }
        String around = "";
        if (held != null && held.depth > 0) {
            nested(held, outer, site, false);
            held.prune();
            around = gates(held);
        }
        int outerId = Locks.id(outer);
        String gates = (around + " " + Integer.toHexString(outerId)).trim();
        if (teller(outerId, Locks.id(inner), site, site, gates) > 0) {
            tell(outer, outerId, site, inner, Locks.id(inner), gates, false);
        }
    }

    /**
     * Which one the current thread is of those that tell the edge: 1 for the first; 0 if it has told it, or enough others have.
     *
     * <p>One thread that does both is no inversion, two threads that do both are.
     */
    private static int teller(int heldId, int wantedId, String heldSite, String site, String gates) {
        long locks = (heldId * 31L + wantedId) * 0x9E37_79B9_7F4A_7C15L;
        long places = heldSite.hashCode() * 31L + site.hashCode();
        long edge = locks ^ places ^ ((long) gates.hashCode() << 32);
        if (isKnown(edge + 2L * MOST_TELLERS) || !add(edge ^ (Threads.id(Thread.currentThread()) << 40))) {
            return 0;
        }
        for (int i = 1; i <= MOST_TELLERS; i++) {
            if (add(edge + 2L * i)) {
                return LEFT.getAndDecrement() > 0 ? i : 0;
            }
        }
        return 0;
    }

    private static void tell(
            Object heldLock, int heldId, String heldSite, Object lock, int wantedId, String gates, boolean tried) {
        Nesting nesting = new Nesting(
                Thread.currentThread(),
                Locks.className(heldLock),
                heldId,
                heldSite,
                Locks.className(lock),
                wantedId,
                gates,
                tried,
                new Throwable());
        if (events) {
            JfrOrders.commit(nesting);
        } else {
            NESTINGS.set(NEXT.getAndIncrement() & (RING - 1), nesting);
        }
    }

    private static String gates(HeldLocks.Held held) {
        StringBuilder gates = new StringBuilder();
        for (int i = 0; i < held.depth; i++) {
            Object lock = held.locks[i];
            if (lock != null) {
                gates.append(gates.length() == 0 ? "" : " ").append(Integer.toHexString(Locks.id(lock)));
            }
        }
        Object gate = held.gate;
        boolean shut = gate != null && Locks.isShut(gate);
        return (shut ? gates + " " + Integer.toHexString(System.identityHashCode(gate)) : gates.toString()).trim();
    }

    private static boolean isKnown(long edge) {
        long key = edge | 1;
        int home = mix(key);
        for (int i = 0; i < REACH; i++) {
            if (KNOWN.get((home + i) & (EDGES - 1)) == key) {
                return true;
            }
        }
        return false;
    }

    /** False if it is known, or there is no room for it. */
    private static boolean add(long value) {
        long edge = value | 1;
        int home = mix(edge);
        for (int i = 0; i < REACH; i++) {
            int slot = (home + i) & (EDGES - 1);
            if (KNOWN.compareAndSet(slot, 0, edge)) {
                return true;
            }
            if (KNOWN.get(slot) == edge) {
                return false;
            }
        }
        return false;
    }

    private static int mix(long value) {
        long mixed = value * 0xBF58_476D_1CE4_E5B9L;
        return (int) (mixed >>> 40);
    }
}
