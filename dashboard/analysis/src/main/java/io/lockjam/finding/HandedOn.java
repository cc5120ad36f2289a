// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells semaphores and queues of which each thread has its own, at which it waits again and again: the threads hand their turn on, as in a token ring or
 * a pipeline, and nothing is lent that there could be more of.
 */
final class HandedOn {
    private static final int MOST_WAITS = 2_000;

    /** Waits at one object: what is made for one wait is no place of a thread. */
    private static final int MIN_TURNS = 3;

    private HandedOn() {}

    static boolean isTurn(LockWindow lock, Situation all) {
        boolean able = lock.kind() == WaitKind.SEMAPHORE || lock.kind() == WaitKind.QUEUE_TAKE;
        if (!able || lock.objects() < 2) {
            return false;
        }
        Map<String, Set<Long>> waiters = new HashMap<>();
        List<Wait> waits = all.session()
                .waits(all.range(), WaitQuery.all(MOST_WAITS).forLock(lock.id()).withoutHolders());
        waits.forEach(wait -> waiters.computeIfAbsent(wait.lock().identity(), object -> new HashSet<>())
                .add(wait.waiter().id()));
        long threads =
                waiters.values().stream().flatMap(Collection::stream).distinct().count();
        return waiters.size() >= 2
                && threads == waiters.size()
                && !waiters.containsKey(LockRef.UNKNOWN_IDENTITY)
                && waiters.values().stream().allMatch(each -> each.size() == 1)
                && waits.size() >= MIN_TURNS * waiters.size();
    }
}
