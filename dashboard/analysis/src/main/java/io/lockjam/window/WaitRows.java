// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
                boolean begun = wait.fact.at().minus(wait.fact.waited()).isBefore(range.to());
                boolean touches = begun && !wait.fact.at().isBefore(range.from());
                boolean asked =
                        (query.idle() || !wait.idle) && fits(query, wait.lock, wait.fact.waiter(), wait.fact.waited());
                if (touches && asked) {
                    ended.add(wait);
                }
            }
        }
        HolderFinder holders = new HolderFinder(memory, range);
        List<Wait> waits = new ArrayList<>();
        longest(ended, query.limit()).forEach(wait -> waits.add(wait(wait, holders)));
        goingOn(query, holders, waits);
        waits.sort(Comparator.comparing(Wait::waited).reversed());
        return waits.size() > query.limit() ? List.copyOf(waits.subList(0, query.limit())) : waits;
    }

    /** So many of them; only these are sorted, of a hundred thousand. */
    private static Stream<Second.KeptWait> longest(List<Second.KeptWait> waits, int most) {
        if (waits.size() <= most) {
            return waits.stream();
        }
        long[] nanos =
                waits.stream().mapToLong(wait -> wait.fact.waited().toNanos()).toArray();
        Arrays.sort(nanos);
        long shortest = most <= 0 ? Long.MAX_VALUE : nanos[nanos.length - most];
        return waits.stream()
                .filter(wait -> wait.fact.waited().toNanos() >= shortest)
                .sorted(Comparator.comparing((Second.KeptWait wait) -> wait.fact.waited())
                        .reversed())
                .limit(most);
    }

    private boolean fits(WaitQuery query, LockTable.Entry lock, ThreadRef waiter, Duration waited) {
        return waited.compareTo(query.atLeast()) >= 0
                && (query.thread() == WaitQuery.ANY_THREAD || waiter.id() == query.thread())
                && (query.lockId().isEmpty() || memory.locks.id(lock).equals(query.lockId()));
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
                into.add(goingOn(last, row, soFar, holders));
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

    private Wait goingOn(Snapshot last, int row, Duration soFar, HolderFinder holders) {
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
                last.owners[row] == null ? Holder.UNKNOWN : holders.doing(last.owners[row], last.at));
    }
}
