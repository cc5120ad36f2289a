// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What traps may cost: a hundredth of any thread's time, and a bound on all threads together.
 *
 * <p>Measured waits are charged, not wished ones: on a loaded machine a wait of 0.1 ms took 4.7 ms. Threads whose ids meet
 * in one slot share one allowance.
 */
final class TrapBudget {
    /** Ticks are 2 ms apart. */
    static final int TICKS_PER_SECOND = 500;

    /** One per cent of a second. */
    private static final int THREAD_MICROS = 10_000;

    private static final int ADVANCE_MICROS = 20_000;

    private static final int SLOTS = 1024;

    /** Upper half: the second; lower half: microseconds used in it. */
    private final AtomicLongArray used = new AtomicLongArray(SLOTS);

    private final AtomicInteger left = new AtomicInteger();
    private volatile int perTick = 200;

    /** Microseconds a second that all threads together may wait. */
    void perSecond(int micros) {
        perTick = Math.max(1, micros / TICKS_PER_SECOND);
    }

    /**
     * Microseconds the thread may still wait in this second; may be negative.
     *
     * @param seldom whether it may take what the next ticks will bring, so that the many do not leave it nothing
     */
    int left(long thread, int tick, boolean seldom) {
        int all = left.get() + (seldom ? ADVANCE_MICROS : 0);
        if (all <= 0) {
            return 0;
        }
        long entry = used.get(slot(thread));
        int micros = (int) (entry >>> 32) == second(tick) ? (int) entry : 0;
        return Math.min(all, THREAD_MICROS - micros);
    }

    /** Whether more than half of what may gather is there. */
    boolean isAmple() {
        return left.get() > perTick * (TICKS_PER_SECOND / 10);
    }

    void charge(long thread, int tick, int micros) {
        left.addAndGet(-micros);
        int slot = slot(thread);
        long before;
        long after;
        do {
            before = used.get(slot);
            int micro = (int) (before >>> 32) == second(tick) ? (int) before : 0;
            after = ((long) second(tick) << 32) | ((micro + micros) & 0x7fff_ffffL);
        } while (!used.compareAndSet(slot, before, after));
    }

    /** Lets a fifth of a second's worth gather at most. */
    void tick() {
        if (left.get() < perTick * (TICKS_PER_SECOND / 5)) {
            left.addAndGet(perTick);
        }
    }

    void reset() {
        left.set(0);
        for (int i = 0; i < SLOTS; i++) {
            used.set(i, 0);
        }
    }

    private static int second(int tick) {
        return tick / TICKS_PER_SECOND + 1;
    }

    private static int slot(long thread) {
        return (int) (thread ^ (thread >>> 10)) & (SLOTS - 1);
    }
}
