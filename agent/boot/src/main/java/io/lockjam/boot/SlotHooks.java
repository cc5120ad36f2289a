// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Called by woven pools of slots, such as connections, when one is asked for, lent or given back. */
public final class SlotHooks {
    /** Of many borrows in a second the stack is taken of one in so many. */
    private static final int SAMPLED = 64;

    /** Of so many borrows in a second the stack is always taken, so that a pool of rare, long uses has all of them. */
    static final int FEW = 8;

    static final SlotUses USES = new SlotUses();

    private SlotHooks() {}

    /** The current thread asks for a slot; returns since when, to be handed to {@link #afterBorrow}, or 0. */
    public static long beforeBorrow(Object pool) {
        if (!Switches.enabled) {
            return 0;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat == null) {
                return 0;
            }
            stat.arrivals.getAndIncrement();
            stat.waiting.getAndIncrement();
            long now = System.nanoTime();
            return now == 0 ? 1 : now;
        } catch (Throwable fault) {
            Switches.fault();
            return 0;
        }
    }

    /** It has got a slot, or none: null. */
    public static void afterBorrow(Object pool, @Nullable Object slot, long since) {
        if (since == 0) {
            return;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat == null) {
                return;
            }
            stat.waiting.getAndDecrement();
            long now = System.nanoTime();
            stat.queueTimes.add(Math.max(0, now - since));
            if (slot == null) {
                stat.rejections.getAndIncrement();
                return;
            }
            int turn = stat.starts++;
            boolean sampled = turn < FEW || (turn & (SAMPLED - 1)) == 0;
            Thread current = Thread.currentThread();
            USES.begin(slot, stat, current, now, sampled ? new SlotUses.Site() : null);
            if (sampled && Switches.enabled) {
                event(stat, slot, current);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A slot comes back or is thrown away, by whatever thread; nothing happens if it was not lent. */
    public static void returned(@Nullable Object slot) {
        if (!Switches.enabled || slot == null) {
            return;
        }
        try {
            SlotUses.Use use = USES.find(slot);
            long since = use == null ? 0 : use.end();
            if (use != null && since != 0) {
                use.pool.served(System.nanoTime() - since);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    private static void event(PoolStat stat, Object slot, Thread current) {
        if (Switches.events && WaitHooks.LIMITER.takeSpare() && Reentry.enter(current)) {
            try {
                JfrWaits.task(stat.id, slot.getClass(), Math.max(0, stat.waiting.get()));
            } finally {
                Reentry.leave(current);
            }
        }
    }
}
