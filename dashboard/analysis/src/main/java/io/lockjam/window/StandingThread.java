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

    /** A stack is told again after a minute, if there is budget for it then. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(70);

    private static final char ASLEEP = 'S';

    private StandingThread() {}

    /** Empty if it neither waits nor sleeps at the instant, or no stack of that is known. */
    static Optional<Holder> doing(Memory memory, ThreadRef thread, Instant at) {
        Snapshot snapshot = memory.snapshotAt(at);
        for (int row = 0; snapshot != null && row < snapshot.rows; row++) {
            if (snapshot.waiters[row].id() == thread.id()) {
                return lastSeen(memory, thread, snapshot.at.minusNanos(snapshot.soFarNanos[row]), at);
            }
        }
        return lastSeen(memory, thread, asleepSince(memory, thread, at), at);
    }

    private static Optional<Holder> lastSeen(Memory memory, ThreadRef thread, Instant since, Instant at) {
        return memory.few(new Range(since.minus(SLACK), at.plusNanos(1)), Fact.StackSeen.class).stream()
                .filter(seen -> seen.thread().id() == thread.id())
                .reduce((one, other) -> other)
                .map(seen -> new Holder(
                        thread, StackReading.doing(seen.stack(), seen.state()), 0, seen.stack(), null, null));
    }

    /** Since when each snapshot has found it asleep and no sleep has ended; the instant itself if it is not asleep. */
    private static Instant asleepSince(Memory memory, ThreadRef thread, Instant at) {
        Instant since = null;
        for (Second second : memory.in(new Range(at.minus(TOLD_WITHIN), at.plusNanos(1)))) {
            char letter = second.letter(thread.id());
            boolean moved =
                    second.blocking.stream().anyMatch(each -> each.thread().id() == thread.id());
            if (moved || (letter != ASLEEP && letter != Second.NO_LETTER)) {
                since = null;
            } else if (letter == ASLEEP && since == null) {
                since = Instant.ofEpochSecond(second.epochSecond);
            }
        }
        return since == null ? at : since;
    }
}
