// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of a range, which may be millions: how many there are, and what they wait for at its end.
 *
 * @param alive at the last snapshot; -1 if not known
 * @param waits for what has a name, those of most threads first
 * @param sampled moments at which one of the others was looked at; 0 before JDK 25
 * @param places where those were, those of most samples first
 */
public record VirtualWindow(long alive, List<Waits> waits, int sampled, List<Place> places) {
    /**
     * Threads that wait for the same.
     *
     * @param longest since when the longest of them waits
     * @param idle whether they wait for work
     * @param owner null if there is none, or it is not known
     */
    public record Waits(
            WaitKind kind,
            String lockId,
            String lockName,
            long threads,
            Duration longest,
            boolean idle,
            @Nullable ThreadRef owner) {}

    /** Where some of the sampled threads were. */
    public record Place(Doing doing, Stack stack, int samples) {}
}
