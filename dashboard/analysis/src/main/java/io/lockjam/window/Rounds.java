// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds who comes last in each round of a barrier or phaser.
 *
 * <p>The last one waits for nobody and lets the others go on, but at a barrier it wakes only one of them, which wakes the next. So the way leads
 * from waker to waker until one has not waited in that round.
 */
final class Rounds {
    private static final int MOST_STEPS = 1_000;

    private final Map<Long, ByTime<Second.KeptWait>> byWaiter;
    /** By the thread that came last. */
    private final Map<Long, LockWindow.Part> last = new LinkedHashMap<>();

    Rounds(List<Second.KeptWait> waits) {
        Map<Long, List<Second.KeptWait>> all = new HashMap<>();
        Map<String, List<Second.KeptWait>> byObject = new LinkedHashMap<>();
        for (Second.KeptWait wait : waits) {
            ByTime.list(all, wait.fact.waiter().id()).add(wait);
            byObject.computeIfAbsent(wait.fact.lock().identity(), id -> new ArrayList<>())
                    .add(wait);
        }
        byWaiter = ByTime.byKey(all, wait -> wait.fact.at(), wait -> wait.fact.waited());
        byObject.values().forEach(this::split);
    }

    /** Those that came last: in how many rounds, and how long the others waited in them; the one that cost most first. */
    List<LockWindow.Part> last() {
        return last.values().stream()
                .sorted(Comparator.comparing(LockWindow.Part::waited).reversed())
                .toList();
    }

    /** A round is over when one of its waiters has waited again. */
    private void split(List<Second.KeptWait> waits) {
        List<Second.KeptWait> sorted = waits.stream()
                .sorted(Comparator.comparing((Second.KeptWait wait) -> wait.fact.at()))
                .toList();
        Set<Long> waiters = new HashSet<>();
        int from = 0;
        for (int at = 0; at < sorted.size(); at++) {
            if (!waiters.add(sorted.get(at).fact.waiter().id())) {
                round(sorted.subList(from, at));
                waiters.clear();
                waiters.add(sorted.get(at).fact.waiter().id());
                from = at;
            }
        }
        round(sorted.subList(from, sorted.size()));
    }

    /** Where the ways lead to several threads, because a wait was not seen, the most of the wait decides. */
    private void round(List<Second.KeptWait> waits) {
        Map<Long, LockWindow.Part> able = new HashMap<>();
        Duration all = Duration.ZERO;
        for (Second.KeptWait wait : waits) {
            Duration waited = Duration.ofNanos(wait.nanos);
            ThreadRef thread = lastOf(wait);
            all = all.plus(waited);
            if (thread != null) {
                able.merge(thread.id(), new LockWindow.Part(thread, 1, waited), LockSum::plus);
            }
        }
        Duration sum = all;
        able.values().stream()
                .max(Comparator.comparing(LockWindow.Part::waited))
                .map(most -> new LockWindow.Part(most.thread(), 1, sum))
                .ifPresent(round -> last.merge(round.thread().id(), round, LockSum::plus));
    }

    private @Nullable ThreadRef lastOf(Second.KeptWait wait) {
        Second.KeptWait at = wait;
        for (int step = 0; step < MOST_STEPS; step++) {
            ThreadRef waker = at.fact.releasedBy();
            Second.KeptWait before = waker == null ? null : endedBefore(waker, at.fact.at());
            if (before == null || !together(before, wait)) {
                return waker;
            }
            at = before;
        }
        return null;
    }

    private Second.@Nullable KeptWait endedBefore(ThreadRef thread, Instant at) {
        ByTime<Second.KeptWait> own = byWaiter.get(thread.id());
        List<Second.KeptWait> earlier = own == null ? List.of() : own.endedBefore(at);
        return earlier.isEmpty() ? null : earlier.get(earlier.size() - 1);
    }

    /** Whether one wait ended nearer to the end of another than to its begin: both are of one round. */
    private static boolean together(Second.KeptWait one, Second.KeptWait other) {
        Instant begin = other.fact.at().minus(other.fact.waited());
        return Duration.between(begin, one.fact.at()).compareTo(Duration.between(one.fact.at(), other.fact.at())) > 0;
    }
}
