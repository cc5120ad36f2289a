// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One wait, ended or still going on.
 *
 * @param lockId {@link LockWindow#id()} of the lock
 * @param lockName {@link LockWindow#name()}
 * @param owner the holder when it began; null if none or not known
 * @param releasedBy who ended it; null if not known
 * @param weight waits this one stands for
 * @param ended false if a snapshot found it still waiting at {@code start + waited}
 * @param idle waiting for work rather than held up
 */
public record Wait(
        Instant start,
        Duration waited,
        WaitKind kind,
        LockRef lock,
        String lockId,
        String lockName,
        ThreadRef waiter,
        @Nullable ThreadRef owner,
        @Nullable ThreadRef releasedBy,
        Stack stack,
        int weight,
        boolean ended,
        boolean granted,
        boolean idle,
        Holder holder) {
    public Instant end() {
        return start.plus(waited);
    }
}
