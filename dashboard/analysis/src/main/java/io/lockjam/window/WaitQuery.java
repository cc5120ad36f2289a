// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.Set;

/**
 * Which of the kept waits are asked for. What does not fit is left out before the limit is applied, so that workers waiting for
 * work do not crowd out a short wait for a lock.
 *
 * @param atLeast shortest wait
 * @param lockId {@link LockWindow#id()} of the one lock; empty for all
 * @param threads ids of the waiters; empty for all
 * @param idle whether waits for work count
 * @param limit most waits, the longest
 * @param holders whether it is worked out who held the lock meanwhile, and what that thread did; this takes most of the time
 */
public record WaitQuery(Duration atLeast, String lockId, Set<Long> threads, boolean idle, int limit, boolean holders) {
    /** Waits of any kind and length. */
    public static WaitQuery all(int limit) {
        return new WaitQuery(Duration.ZERO, "", Set.of(), true, limit, true);
    }

    /** Waits in which a thread was held up, not idle. */
    public static WaitQuery heldUp(Duration atLeast, int limit) {
        return new WaitQuery(atLeast, "", Set.of(), false, limit, true);
    }

    public WaitQuery forLock(String id) {
        return new WaitQuery(atLeast, id, threads, idle, limit, holders);
    }

    public WaitQuery by(long waiter) {
        return by(Set.of(waiter));
    }

    /** Of these threads; empty for all. */
    public WaitQuery by(Set<Long> waiters) {
        return new WaitQuery(atLeast, lockId, waiters, idle, limit, holders);
    }

    public boolean asksOf(ThreadRef waiter) {
        return threads.isEmpty() || threads.contains(waiter.id());
    }

    public WaitQuery lasting(Duration shortest) {
        return new WaitQuery(shortest, lockId, threads, idle, limit, holders);
    }

    public WaitQuery withoutHolders() {
        return new WaitQuery(atLeast, lockId, threads, idle, limit, false);
    }
}
