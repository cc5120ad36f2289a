// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a thread does that has not moved for long: its stack is told once a minute, and holds until it moves. */
final class StandingThread {
    /** A wait is as old as the first snapshot that saw it; its stack may have been taken just before. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private StandingThread() {}

    /** Empty if it does not wait at the instant, or no stack of that wait is known. */
    static Optional<Holder> doing(Memory memory, ThreadRef thread, Instant at) {
        Snapshot snapshot = memory.snapshotAt(at);
        for (int row = 0; snapshot != null && row < snapshot.rows; row++) {
            if (snapshot.waiters[row].id() == thread.id()) {
                Instant since = snapshot.at.minusNanos(snapshot.soFarNanos[row]).minus(SLACK);
                return memory.few(new Range(since, at.plusNanos(1)), Fact.StackSeen.class).stream()
                        .filter(seen -> seen.thread().id() == thread.id())
                        .reduce((one, other) -> other)
                        .map(seen -> new Holder(
                                thread, StackReading.doing(seen.stack(), seen.state()), 0, seen.stack(), null, null));
            }
        }
        return Optional.empty();
    }
}
