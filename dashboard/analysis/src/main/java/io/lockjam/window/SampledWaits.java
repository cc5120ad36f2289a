// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Waits of virtual threads for monitors, of which no event tells: each snapshot shows how many wait, and as a rule who has the monitor and what it
 * does, since the agent looks for that in the same scan. So each row stands for its share of the sum, with a wait of mean length for each thread.
 */
final class SampledWaits {
    /** Between the stack of an owner and the row that it belongs to. */
    private static final Duration SCAN = Duration.ofMillis(200);

    private final Memory memory;
    private final List<Fact.StackSeen> owners;

    SampledWaits(Memory memory, Range range) {
        this.memory = memory;
        Range around = new Range(range.from().minus(SCAN), range.to().plus(SCAN));
        owners = memory.few(around, Fact.StackSeen.class).stream()
                .filter(each -> each.reason().equals("owner"))
                .toList();
    }

    static boolean tells(Snapshot snapshot, int row) {
        return snapshot.kind(row) == WaitKind.MONITOR && snapshot.waiters[row].virtual() && !snapshot.idle[row];
    }

    Second.KeptWait of(Snapshot snapshot, int row, Duration mean) {
        LockTable.Entry lock = snapshot.locks[row];
        ThreadRef owner = snapshot.owners[row];
        Second.KeptWait wait = new Second.KeptWait(
                new Fact.WaitEnded(
                        snapshot.at,
                        mean,
                        lock.kind,
                        lock.lock,
                        snapshot.waiters[row],
                        owner,
                        null,
                        memory.waiterStacks.of(lock.lock),
                        snapshot.weights[row],
                        true,
                        true),
                lock,
                false);
        Holder holder = owner == null ? Holder.UNKNOWN : holder(owner, lock.lock, snapshot.at);
        wait.found = new Second.Found(holder, Instant.MAX);
        return wait;
    }

    private Holder holder(ThreadRef owner, LockRef lock, Instant at) {
        return owners.stream()
                .filter(each -> each.thread().id() == owner.id()
                        && lock.equals(each.lock())
                        && Duration.between(each.at(), at).abs().compareTo(SCAN) <= 0)
                .findFirst()
                .map(each ->
                        new Holder(owner, StackReading.doing(each.stack(), each.state()), 0, each.stack(), null, null))
                .orElseGet(() -> new Holder(owner, Doing.UNKNOWN, 0, Stack.EMPTY, null, null));
    }
}
