// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * What a thread has at a moment that others want.
 *
 * <p>A snapshot tells who waits for whom, but not the monitor as the ends of waits tell it: that is known when a wait has ended.
 */
final class Wanted {
    private Wanted() {}

    static Set<LockRef> of(Memory memory, HolderIndex index, ThreadRef owner, Instant at) {
        Snapshot last = memory.snapshotAt(at);
        Set<LockRef> locks = new HashSet<>();
        for (int row = 0; last != null && row < last.rows; row++) {
            ThreadRef told = last.owners[row];
            if (told != null && told.id() == owner.id()) {
                locks.add(last.locks[row].lock);
                long waiter = last.waiters[row].id();
                ByTime.touching(index.waits, waiter, last.at, last.at).forEach(each -> locks.add(each.fact.lock()));
            }
        }
        return locks;
    }

    /** Whether a wait is not for what another waits for: who was told as the owner a moment before or after may have waited for it, too. */
    static boolean isOther(Second.KeptWait does, Fact.WaitEnded wait) {
        return !wait.kind().exclusive()
                || does.fact.kind() != wait.kind()
                || !does.fact.lock().equals(wait.lock());
    }
}
