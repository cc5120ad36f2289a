// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.time.Duration;

/**
 * Which of the kept waits are asked for. What does not fit is left out before the limit is applied, so that workers waiting for
 * work do not crowd out a short wait for a lock.
 *
 * @param atLeast shortest wait
 * @param lockId {@link LockWindow#id()} of the one lock; empty for all
 * @param thread id of the one waiter; -1 for all
 * @param idle whether waits for work count
 * @param limit most waits, the longest
 * @param holders whether it is worked out who held the lock meanwhile, and what that thread did; this takes most of the time
 */
public record WaitQuery(Duration atLeast, String lockId, long thread, boolean idle, int limit, boolean holders) {
    static final long ANY_THREAD = -1;

    /** Waits of any kind and length. */
    public static WaitQuery all(int limit) {
        return new WaitQuery(Duration.ZERO, "", ANY_THREAD, true, limit, true);
    }

    /** Waits in which a thread was held up, not idle. */
    public static WaitQuery heldUp(Duration atLeast, int limit) {
        return new WaitQuery(atLeast, "", ANY_THREAD, false, limit, true);
    }

    public WaitQuery forLock(String id) {
        return new WaitQuery(atLeast, id, thread, idle, limit, holders);
    }

    public WaitQuery by(long waiter) {
        return new WaitQuery(atLeast, lockId, waiter, idle, limit, holders);
    }

    public WaitQuery lasting(Duration shortest) {
        return new WaitQuery(shortest, lockId, thread, idle, limit, holders);
    }

    public WaitQuery withoutHolders() {
        return new WaitQuery(atLeast, lockId, thread, idle, limit, false);
    }
}
