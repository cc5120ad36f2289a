// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands the owners of contended locks from waiting threads to the agent's thread, which takes their stacks.
 *
 * <p>A ring without locks: a request nobody fetched in time is overwritten. What is offered is bounded by a budget, since a
 * stack costs a safepoint on 17.
 */
public final class OwnerProbe {
    private static final int SLOTS = 64;
    private static final AtomicReferenceArray<@Nullable Request> RING = new AtomicReferenceArray<>(SLOTS);
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final AtomicInteger LEFT = new AtomicInteger();

    /** About 10 a second: a stack costs a safepoint on 17. The agent raises it where a handshake does. */
    private static volatile int budget = 10;
    /** One lock gets at most a quarter of the budget. */
    private static volatile long spacing = 400_000_000L;

    private static volatile @Nullable Thread agent;

    private OwnerProbe() {}

    /**
     * A lock that somebody waits for and the thread that held it when the wait began. Not to be kept: it refers to both.
     *
     * @param lock the synchroniser
     * @param lockClassName class of the lock as reported
     */
    public record Request(Object lock, Thread owner, String lockClassName, int lockId) {}

    /** The oldest request not fetched yet; null if there is none. For the agent's thread alone. */
    public static @Nullable Request poll() {
        int newest = NEXT.get();
        for (int i = 0; i < SLOTS; i++) {
            int slot = (newest + i) & (SLOTS - 1);
            if (RING.get(slot) != null) {
                return RING.getAndSet(slot, null);
            }
        }
        return null;
    }

    /** The thread that holds the lock now, or one of its readers; null if there is none or it is not known. */
    public static @Nullable Thread owner(Object lock) {
        try {
            Thread owner = Access.owner(lock);
            return owner == null ? Access.firstReader(lock) : owner;
        } catch (Throwable unreadable) {
            Switches.fault();
            return null;
        }
    }

    static void offer(LockStat stat, Object lock, Thread owner, long now) {
        boolean recently = stat.probedAt != 0 && now - stat.probedAt < spacing;
        if (recently || LEFT.get() <= 0 || LEFT.getAndDecrement() <= 0) {
            return;
        }
        stat.probedAt = now;
        Class<?> reported = stat.reported;
        String name = reported == null ? "" : reported.getName();
        RING.set(NEXT.getAndIncrement() & (SLOTS - 1), new Request(lock, owner, name, stat.id));
        Thread waken = agent;
        if (waken != null) {
            LockSupport.unpark(waken);
        }
    }

    static void budget(int perSecond) {
        budget = Math.max(0, perSecond);
        spacing = budget == 0 ? Long.MAX_VALUE : 4_000_000_000L / budget;
        LEFT.set(budget);
    }

    static void wake(@Nullable Thread thread) {
        agent = thread;
    }

    static void refill(long intervalNanos) {
        LEFT.set((int) Math.min(2L * budget, Math.max(1, budget * (intervalNanos / 1_000_000) / 1_000)));
    }

    static void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            RING.set(slot, null);
        }
    }
}
