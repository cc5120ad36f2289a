// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the thread that held a lock while another waited.
 *
 * @param thread null if the owner is not known
 * @param doing what it did for the largest part of the wait
 * @param share how much of the wait that is known for, 0 to 1; 0 if only a moment was seen
 * @param stack the holder's while it held; empty if none was seen
 * @param takenAt the line at which it took the lock, from its own wait before; null if it did not wait
 * @param detail host, file, lock or cause; null if there is none
 */
public record Holder(
        @Nullable ThreadRef thread,
        Doing doing,
        double share,
        Stack stack,
        @Nullable Frame takenAt,
        @Nullable String detail) {
    public static final Holder UNKNOWN = new Holder(null, Doing.UNKNOWN, 0, Stack.EMPTY, null, null);

    /** The line to charge: where it was seen holding, else where it took the lock. */
    public Optional<Frame> site() {
        Optional<Frame> seen = stack.site();
        return seen.isPresent() ? seen : Optional.ofNullable(takenAt);
    }

    /** Its own, or another of the same thread during the wait: the operating system tells no stack of who had no core. */
    Stack stackOr(List<Holder> seen) {
        return Stream.concat(Stream.of(this), seen.stream().filter(each -> Objects.equals(each.thread(), thread)))
                .map(Holder::stack)
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse(Stack.EMPTY);
    }

    /** The part of a wait that this holder explains by what it did. */
    public Duration explains(Duration waited) {
        return Duration.ofNanos((long) (waited.toNanos() * share));
    }
}
