// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Called by woven pools of slots, such as connections, when one is asked for, lent or given back. */
public final class SlotHooks {
    /** Of the borrows in a second so many are timed, further ones one in {@link #TIMED}: timing costs 0.1 µs (measured). */
    static final int ALL_TIMED = 256;

    static final int TIMED = 16;

    /** Of many timed borrows in a second the stack is taken of one in so many. */
    private static final int SAMPLED = 64;

    /** Of so many borrows in a second the stack is always taken, so that a pool of rare, long uses has all of them. */
    static final int FEW = 8;

    /** In place of a time: the borrow is counted and not timed. */
    static final long UNTIMED = 1;

    static final SlotUses USES = new SlotUses();

    private SlotHooks() {}

    /** The current thread asks for a slot; returns what is to be handed to {@link #afterBorrow}. */
    public static long beforeBorrow(Object pool) {
        if (!Switches.enabled) {
            return 0;
        }
        try {
            PoolStat stat = PoolHooks.POOLS.find(pool);
            if (stat == null) {
                return 0;
            }
            long turn = stat.arrivals.getAndIncrement();
            stat.waiting.getAndIncrement();
            if (turn >= ALL_TIMED && (turn & (TIMED - 1)) != 0) {
                return UNTIMED;
            }
            long now = System.nanoTime();
            return now == 0 || now == UNTIMED ? now + 2 : now;
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
            if (slot == null) {
                stat.rejections.getAndIncrement();
            }
            if (since == UNTIMED) {
                if (slot != null) {
                    USES.beginUntimed(slot, stat, Thread.currentThread());
                }
                return;
            }
            long now = System.nanoTime();
            stat.queueTimes.add(Math.max(0, now - since));
            if (slot == null) {
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
            if (use != null) {
                use.end();
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
