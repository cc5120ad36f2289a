// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Names monitors that threads wait for in a snapshot, in which no stack of theirs was taken: JFR tells of the wait when it ends, with the stack, but knows
 * monitors by other identities. So what the waiter is told to have waited for at that moment is meant.
 */
final class LateNames {
    /** Most waits are short; whoever waits for longer has its stack taken. */
    private static final Duration LATEST = Duration.ofSeconds(3);

    private LateNames() {}

    /** The same lock as JFR tells it, by the entry of the snapshot; nothing of those that have a name. */
    static Map<LockTable.Entry, LockTable.Entry> of(Memory memory, Snapshot snapshot) {
        Map<Long, LockTable.Entry> unnamed = new HashMap<>();
        for (int row = 0; row < snapshot.rows; row++) {
            LockTable.Entry lock = snapshot.locks[row];
            if (LockTable.isMonitor(lock.kind) && !memory.locks.hasName(lock)) {
                unnamed.put(snapshot.waiters[row].id(), lock);
            }
        }
        Map<LockTable.Entry, LockTable.Entry> named = new HashMap<>();
        if (unnamed.isEmpty()) {
            return named;
        }
        Instant at = snapshot.at;
        for (Second second : memory.in(new Range(at, at.plus(LATEST)))) {
            for (Second.KeptWait wait : second.waits) {
                LockTable.Entry lock = unnamed.get(wait.fact.waiter().id());
                boolean meant = lock != null
                        && lock.kind == wait.lock.kind
                        && lock.lock.className().equals(wait.lock.lock.className())
                        && wait.fact.at().isAfter(at)
                        && !wait.fact.at().minus(wait.fact.waited()).isAfter(at);
                if (meant && memory.locks.hasName(wait.lock)) {
                    named.putIfAbsent(lock, wait.lock);
                }
            }
        }
        return named;
    }
}
