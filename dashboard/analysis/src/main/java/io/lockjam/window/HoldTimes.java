// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Hold times of a lock that one thread holds at a time, from single waits: who was granted it while the next one waited already kept it from
 * then until the next grant.
 *
 * <p>Only waits that were kept are seen, the longest first; so these are examples, whereas the sums of {@link LockWindow} are of all holds.
 */
final class HoldTimes {
    private final Memory memory;
    private final Range range;

    HoldTimes(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    Histogram of(String lockId) {
        Map<LockTable.Entry, List<Fact.WaitEnded>> grants = new HashMap<>();
        Map<LockTable.Entry, Boolean> asked = new HashMap<>();
        for (Second second : memory.in(range)) {
            for (Second.KeptWait wait : second.waits) {
                boolean told = wait.fact.granted() && wait.fact.kind().exclusive();
                if (told
                        && asked.computeIfAbsent(
                                wait.lock, lock -> memory.locks.id(lock).equals(lockId))) {
                    grants.computeIfAbsent(wait.lock, lock -> new ArrayList<>()).add(wait.fact);
                }
            }
        }
        return Histogram.of(
                grants.values().stream().flatMapToLong(HoldTimes::between).toArray());
    }

    /** Of one object's grants. */
    private static LongStream between(List<Fact.WaitEnded> grants) {
        grants.sort(Comparator.comparing(Fact.WaitEnded::at));
        return IntStream.range(1, grants.size())
                .filter(i -> follows(grants.get(i), grants.get(i - 1)))
                .mapToLong(i -> Duration.between(
                                grants.get(i - 1).at(), grants.get(i).at())
                        .toNanos());
    }

    /** Whether a thread waited already when the one before it was granted the lock, and got it from that one. */
    private static boolean follows(Fact.WaitEnded next, Fact.WaitEnded before) {
        ThreadRef from = next.releasedBy();
        return from != null
                && from.id() == before.waiter().id()
                && !next.at().minus(next.waited()).isAfter(before.at());
    }
}
