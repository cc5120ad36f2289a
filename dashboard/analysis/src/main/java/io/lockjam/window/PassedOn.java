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
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the waits for one thing that another waiter ended by giving back what it had: it lets one thread go on, or wakes all, of which one goes on
 * and the others wait again.
 */
final class PassedOn {
    /** Waits ended by one thread within this were ended by one signal; a thread that waits again within it did nothing meanwhile. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private static final int MOST_STEPS = 1_000;

    private final Map<Long, List<Second.KeptWait>> byWaker = new HashMap<>();
    private final Map<Long, TreeSet<Instant>> begins = new HashMap<>();
    private final Map<Long, TreeMap<Instant, Second.KeptWait>> ends = new HashMap<>();
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
            ends.computeIfAbsent(wait.fact.waiter().id(), id -> new TreeMap<>()).put(wait.fact.at(), wait);
        }
        for (Second.KeptWait wait : waits) {
            ThreadRef waker = wakerOf(wait);
            if (waker != null && waiters.contains(waker.id())) {
                byWaker.computeIfAbsent(waker.id(), id -> new ArrayList<>()).add(wait);
            }
        }
    }

    /** Their weighted nanoseconds. A signal that lets nobody go on gave nothing back: a consumer wakes the next, which finds no work. */
    double nanos() {
        return sum(1);
    }

    /** The same with those that let nobody go on: who gave something back may have taken it again at once, before the one that it woke. */
    double atAll() {
        return sum(0);
    }

    /** Of signals that let at least so many go on, and one at most. */
    private double sum(int fewest) {
        double all = 0;
        for (List<Second.KeptWait> ended : byWaker.values()) {
            ended.sort(Comparator.comparing((Second.KeptWait wait) -> wait.fact.at()));
            for (int from = 0; from < ended.size(); ) {
                int to = from + 1;
                while (to < ended.size() && atOnce(ended.get(to - 1), ended.get(to))) {
                    to++;
                }
                List<Second.KeptWait> signal = ended.subList(from, to);
                long goOn = signal.stream().filter(wait -> !waitsAgain(wait)).count();
                all += goOn >= fewest && goOn <= 1 ? nanos(signal) : 0;
                from = to;
            }
        }
        return all;
    }

    private static double nanos(List<Second.KeptWait> waits) {
        return waits.stream().mapToDouble(Second.KeptWait::weightedNanos).sum();
    }

    /** Where all are woken they wake each other in turn, as each gets the lock that it waited with; the first was woken by who gave the signal. */
    private @Nullable ThreadRef wakerOf(Second.KeptWait wait) {
        Second.KeptWait at = wait;
        for (int step = 0; step < MOST_STEPS; step++) {
            ThreadRef waker = at.fact.releasedBy();
            Second.KeptWait before = waker == null ? null : lastEnd(waker, at.fact.at());
            if (before == null || !atOnce(before, at) || !waitsAgain(before)) {
                return waker;
            }
            at = before;
        }
        return null;
    }

    private Second.@Nullable KeptWait lastEnd(ThreadRef thread, Instant at) {
        TreeMap<Instant, Second.KeptWait> own = ends.get(thread.id());
        Map.Entry<Instant, Second.KeptWait> last = own == null ? null : own.lowerEntry(at);
        return last == null ? null : last.getValue();
    }

    private static boolean atOnce(Second.KeptWait one, Second.KeptWait next) {
        return Duration.between(one.fact.at(), next.fact.at()).compareTo(AT_ONCE) < 0;
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
