// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Builds the list of {@link Wait}s that touch a range. */
final class WaitRows {
    /** A wait that began in the range may end this much later. */
    private static final int LOOK_AHEAD_SECONDS = 60;

    private final Memory memory;
    private final Range range;

    WaitRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    List<Wait> build(Duration atLeast, int limit) {
        List<Second.KeptWait> ended = new ArrayList<>();
        for (Second second : memory.in(new Range(range.from(), range.to().plusSeconds(LOOK_AHEAD_SECONDS)))) {
            for (Second.KeptWait wait : second.waits) {
                boolean begun = wait.fact.at().minus(wait.fact.waited()).isBefore(range.to());
                boolean touches = begun && !wait.fact.at().isBefore(range.from());
                if (touches && wait.fact.waited().compareTo(atLeast) >= 0) {
                    ended.add(wait);
                }
            }
        }
        ended.sort(Comparator.comparing((Second.KeptWait wait) -> wait.fact.waited())
                .reversed());
        HolderFinder holders = new HolderFinder(memory, range);
        List<Wait> waits = new ArrayList<>();
        ended.stream().limit(limit).forEach(wait -> waits.add(wait(wait, holders)));
        goingOn(atLeast, holders, waits);
        waits.sort(Comparator.comparing(Wait::waited).reversed());
        return waits.size() > limit ? List.copyOf(waits.subList(0, limit)) : waits;
    }

    private Wait wait(Second.KeptWait wait, HolderFinder holders) {
        return new Wait(
                wait.fact.at().minus(wait.fact.waited()),
                wait.fact.waited(),
                wait.fact.kind(),
                wait.fact.lock(),
                memory.locks.id(wait.lock),
                memory.locks.name(wait.lock),
                wait.fact.waiter(),
                wait.fact.owner(),
                wait.fact.releasedBy(),
                wait.fact.stack(),
                wait.fact.weight(),
                true,
                wait.fact.granted(),
                wait.idle,
                holders.of(wait));
    }

    private void goingOn(Duration atLeast, HolderFinder holders, List<Wait> into) {
        Snapshot last = memory.snapshotAt(range.to());
        if (last == null || last.at.isBefore(range.from())) {
            return;
        }
        for (int row = 0; row < last.rows; row++) {
            Duration soFar = Duration.ofNanos(last.soFarNanos[row]);
            long waiter = last.waiters[row].id();
            Instant at = last.at;
            boolean known = into.stream()
                    .anyMatch(wait -> wait.waiter().id() == waiter
                            && wait.start().isBefore(at)
                            && wait.end().isAfter(at));
            if (!known && soFar.compareTo(atLeast) >= 0) {
                LockTable.Entry lock = last.locks[row];
                Holder holder = last.owners[row] == null ? Holder.UNKNOWN : holders.doing(last.owners[row], at);
                into.add(new Wait(
                        at.minus(soFar),
                        soFar,
                        lock.kind,
                        lock.lock,
                        memory.locks.id(lock),
                        memory.locks.name(lock),
                        last.waiters[row],
                        last.owners[row],
                        null,
                        Stack.EMPTY,
                        last.weights[row],
                        false,
                        false,
                        last.idle[row],
                        holder));
            }
        }
    }
}
