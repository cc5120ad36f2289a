// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the waits for one thing that another waiter ended by giving back what it had: it lets one thread go on, or wakes all, of which one goes on
 * and the others wait again.
 */
final class PassedOn {
    /** Waits ended by one thread within this were ended by one signal; a thread that waits again within it did nothing meanwhile. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final Map<Long, List<Second.KeptWait>> byWaker = new HashMap<>();
    private final Map<Long, TreeSet<Instant>> begins = new HashMap<>();
    private final Collection<Long> waitNow;

    /**
     * @param waiters ids of the threads that wait there
     * @param waitNow those that wait there at the end
     */
    PassedOn(List<Second.KeptWait> waits, Collection<Long> waiters, Collection<Long> waitNow) {
        this.waitNow = waitNow;
        for (Second.KeptWait wait : waits) {
            begins.computeIfAbsent(wait.fact.waiter().id(), id -> new TreeSet<>())
                    .add(wait.fact.at().minus(wait.fact.waited()));
            ThreadRef waker = wait.fact.releasedBy();
            if (waker != null && waiters.contains(waker.id())) {
                byWaker.computeIfAbsent(waker.id(), id -> new ArrayList<>()).add(wait);
            }
        }
    }

    /** Their weighted nanoseconds. */
    double nanos() {
        double all = 0;
        for (List<Second.KeptWait> ended : byWaker.values()) {
            ended.sort(Comparator.comparing((Second.KeptWait wait) -> wait.fact.at()));
            for (int from = 0; from < ended.size(); ) {
                int to = from + 1;
                while (to < ended.size() && atOnce(ended.get(to - 1), ended.get(to))) {
                    to++;
                }
                all += ofSignal(ended.subList(from, to));
                from = to;
            }
        }
        return all;
    }

    private static boolean atOnce(Second.KeptWait one, Second.KeptWait next) {
        return Duration.between(one.fact.at(), next.fact.at()).compareTo(AT_ONCE) < 0;
    }

    /** A signal that lets nobody go on gave nothing back: a consumer wakes the next, which finds no work. */
    private double ofSignal(List<Second.KeptWait> ended) {
        long goOn = ended.stream().filter(wait -> !waitsAgain(wait)).count();
        return goOn == 1
                ? ended.stream().mapToDouble(Second.KeptWait::weightedNanos).sum()
                : 0;
    }

    private boolean waitsAgain(Second.KeptWait wait) {
        TreeSet<Instant> own = begins.get(wait.fact.waiter().id());
        Instant next = own == null ? null : own.ceiling(wait.fact.at());
        if (next == null) {
            return waitNow.contains(wait.fact.waiter().id());
        }
        return Duration.between(wait.fact.at(), next).compareTo(AT_ONCE) < 0;
    }
}
