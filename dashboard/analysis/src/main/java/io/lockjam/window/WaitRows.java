// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    List<Wait> build(WaitQuery query) {
        List<Second.KeptWait> ended = new ArrayList<>();
        for (Second second : memory.in(new Range(range.from(), range.to().plusSeconds(LOOK_AHEAD_SECONDS)))) {
            for (Second.KeptWait wait : second.waits) {
                boolean asked =
                        (query.idle() || !wait.idle) && fits(query, wait.lock, wait.fact.waiter(), wait.fact.waited());
                if (asked && touches(wait.fact)) {
                    ended.add(wait);
                }
            }
        }
        HolderFinder holders = new HolderFinder(memory, range);
        List<Wait> waits = new ArrayList<>();
        Largest.of(ended, query.limit(), wait -> wait.fact.waited().toNanos())
                .forEach(wait -> waits.add(wait(wait, query.holders() ? holders.of(wait) : Holder.UNKNOWN)));
        goingOn(query, holders, waits);
        waits.sort(Comparator.comparing(Wait::waited).reversed());
        return waits.size() > query.limit() ? List.copyOf(waits.subList(0, query.limit())) : waits;
    }

    private boolean touches(Fact.WaitEnded wait) {
        return !wait.at().isBefore(range.from())
                && wait.at().minus(wait.waited()).isBefore(range.to());
    }

    private boolean fits(WaitQuery query, LockTable.Entry lock, ThreadRef waiter, Duration waited) {
        return waited.compareTo(query.atLeast()) >= 0
                && query.asksOf(waiter)
                && (query.lockId().isEmpty() || memory.locks.id(lock).equals(query.lockId()));
    }

    private Wait wait(Second.KeptWait wait, Holder holder) {
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
                holder);
    }

    private void goingOn(WaitQuery query, HolderFinder holders, List<Wait> into) {
        Snapshot last = memory.snapshotAt(range.to());
        if (last == null || last.at.isBefore(range.from())) {
            return;
        }
        Set<Long> ended = endedAfter(last.at);
        for (int row = 0; row < last.rows; row++) {
            Duration soFar = Duration.ofNanos(last.soFarNanos[row]);
            LockTable.Entry lock = last.locks[row];
            boolean asked = (query.idle() || !last.idle[row]) && fits(query, lock, last.waiters[row], soFar);
            if (asked && !ended.contains(last.waiters[row].id())) {
                into.add(goingOn(last, row, soFar, query.holders() ? holders : null));
            }
        }
    }

    /** Threads whose wait at an instant is kept as one that has ended. */
    private Set<Long> endedAfter(Instant at) {
        Set<Long> waiters = new HashSet<>();
        for (Second second : memory.in(new Range(at, range.to().plusSeconds(LOOK_AHEAD_SECONDS)))) {
            for (Second.KeptWait wait : second.waits) {
                boolean covers = wait.fact.at().isAfter(at)
                        && wait.fact.at().minus(wait.fact.waited()).isBefore(at);
                if (covers) {
                    waiters.add(wait.fact.waiter().id());
                }
            }
        }
        return waiters;
    }

    private Wait goingOn(Snapshot last, int row, Duration soFar, @Nullable HolderFinder holders) {
        LockTable.Entry lock = last.locks[row];
        return new Wait(
                last.at.minus(soFar),
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
                holders == null || last.owners[row] == null
                        ? Holder.UNKNOWN
                        : holders.holding(last.owners[row], lock.kind, memory.locks.id(lock), last.at));
    }
}
