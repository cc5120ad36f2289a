// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread over the part of a range in which it lived.
 *
 * @param group name with digits folded
 * @param state letter of {@link Lanes} at the end of the range; {@code ' '} once it has ended
 * @param account where its time went
 * @param cpuShare cores used, 0 to 1
 * @param voluntarySwitchesPerSecond NaN if not known; so are the next two
 * @param runQueueWaitShare share of its time that it was runnable without a core
 * @param waitsFor what it waits for at the last snapshot; null if nothing
 * @param stack the last one seen from outside or from a wait or sample; empty if none
 * @param createdAt the creator's stack; empty if it began before the session
 */
public record ThreadWindow(
        ThreadRef thread,
        String group,
        char state,
        @Nullable Instant started,
        @Nullable Instant ended,
        Duration seen,
        Account account,
        double cpuShare,
        double voluntarySwitchesPerSecond,
        double involuntarySwitchesPerSecond,
        double runQueueWaitShare,
        WaitForGraph.@Nullable Edge waitsFor,
        Stack stack,
        Stack createdAt) {

    /** Where it stands; empty if the last stack seen of it is of something else than it does now. */
    public Optional<Frame> site() {
        return Parts.agrees(state, Parts.of(StackReading.doing(stack, ""))) ? stack.site() : Optional.empty();
    }

    /** Share of its time it was held up by a lock. */
    public double blockedShare() {
        return account.share(Account.Part.LOCK);
    }

    /** Share of its time it waited without being held up: idle, asleep or at a queue. */
    public double waitingShare() {
        return account.share(Account.Part.IDLE)
                + account.share(Account.Part.ASLEEP)
                + account.share(Account.Part.QUEUE);
    }
}
