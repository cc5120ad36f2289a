// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Threads that are event loops by their code: the only one that takes tasks from a queue and runs them. Like an executor of one thread such a loop
 * counts if it gets many.
 *
 * @param tasks by thread, how many it has waited for
 */
record OwnLoops(Map<ThreadRef, Long> tasks) {
    private static final int MOST_WAITS = 20_000;

    /** @param perSecond fewest tasks */
    static OwnLoops of(Situation all, double perSecond) {
        Map<String, List<Wait>> byQueue =
                all.session().waits(all.range(), WaitQuery.all(MOST_WAITS).withoutHolders()).stream()
                        .filter(wait -> wait.kind() == WaitKind.QUEUE_TAKE
                                && wait.ended()
                                && !wait.waiter().virtual())
                        .collect(Collectors.groupingBy(wait -> wait.lock().identity()));
        Set<String> pools = new HashSet<>();
        all.queues().stream()
                .filter(queue -> queue.poolIdentity() != null)
                .forEach(queue -> pools.add(queue.identity()));
        Map<ThreadRef, Long> found = new HashMap<>();
        byQueue.forEach((queue, waits) -> {
            ThreadRef taker = waits.get(0).waiter();
            long weight = waits.stream().mapToLong(Wait::weight).sum();
            if (!pools.contains(queue)
                    && weight >= perSecond * all.seconds()
                    && waits.stream().allMatch(wait -> wait.waiter().id() == taker.id())
                    && waits.stream().anyMatch(wait -> all.session().code().runsWhatItTakes(wait.stack()))) {
                found.put(taker, weight);
            }
        });
        return new OwnLoops(found);
    }

    /** Whether most tasks of such a loop make a call: it has its thread for that. */
    boolean isForThat(ThreadRef thread, int calls, double share) {
        Long all = tasks.get(thread);
        return all != null && calls >= share * all;
    }
}
