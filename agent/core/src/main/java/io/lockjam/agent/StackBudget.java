// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/**
 * How many stacks of other threads may be taken: each is a safepoint of all threads on 17 and a handshake with one on 21
 * and later.
 */
final class StackBudget {
    private static final boolean HANDSHAKE = Runtime.version().feature() >= 21;

    /** Each also wakes the agent's thread, which costs a server with busy cores more than the stack does. */
    private static final int LIGHT = HANDSHAKE ? 20 : 10;

    private static final int DEEP = HANDSHAKE ? 200 : 10;

    private int perSecond = LIGHT;
    private double left = LIGHT;
    private long refilledAt;

    StackBudget(long now) {
        refilledAt = now;
    }

    static int of(boolean deep) {
        return deep ? DEEP : LIGHT;
    }

    synchronized void perSecond(int stacks) {
        perSecond = stacks;
        left = Math.min(left, stacks);
    }

    /** Takes one if more than {@code reserve} (0 to 1 of a second's worth) are left for others. */
    synchronized boolean take(long now, double reserve) {
        left = Math.min(perSecond, left + (now - refilledAt) / 1e9 * perSecond);
        refilledAt = now;
        if (left - 1 < reserve * perSecond || left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
