// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the waits for one thing that another waiter ended by giving back what it had: it lets one thread go on, or wakes all, of which one goes on
 * and the others wait again.
 *
 * <p>Who ends a wait for room may itself wait for elements at times, under the same name and even at the same line of a library. It gives back only
 * what it waits for, too: the same object, in the same method. Where each wait has an object of its own, the method has to do.
 */
final class PassedOn {
    /** Waits ended by one thread within this were ended by one signal; a thread that waits again within it did nothing meanwhile. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private static final int MOST_STEPS = 1_000;

    /** What is waited for, and the method that waits. */
    private record Place(String object, String method) {}

    private final Map<Long, List<Second.KeptWait>> byWaker = new HashMap<>();
    private final Map<Long, TreeSet<Instant>> begins = new HashMap<>();
    private final Map<Long, TreeMap<Instant, Second.KeptWait>> ends = new HashMap<>();
    private final Map<String, Set<Long>> byObject = new HashMap<>();
    private final Map<String, Set<Long>> byMethod = new HashMap<>();
    private final Map<Place, Set<Long>> byBoth = new HashMap<>();
    private final IdentityHashMap<Stack, String> methods =
            new IdentityHashMap<>(); // interned: few, whereas waits are many
    private final Collection<Long> waitNow;

    /** @param waitNow ids of the threads that wait there at the end */
    PassedOn(List<Second.KeptWait> waits, Collection<Long> waitNow) {
        this.waitNow = waitNow;
        for (Second.KeptWait wait : waits) {
            long waiter = wait.fact.waiter().id();
            add(byObject, object(wait), waiter);
            add(byMethod, method(wait), waiter);
            add(byBoth, new Place(object(wait), method(wait)), waiter);
            begins.computeIfAbsent(wait.fact.waiter().id(), id -> new TreeSet<>())
                    .add(wait.fact.at().minus(wait.fact.waited()));
            ends.computeIfAbsent(wait.fact.waiter().id(), id -> new TreeMap<>()).put(wait.fact.at(), wait);
        }
        for (Second.KeptWait wait : waits) {
            ThreadRef waker = wakerOf(wait);
            if (waker != null && waitsForTheSame(waker, wait)) {
                byWaker.computeIfAbsent(waker.id(), id -> new ArrayList<>()).add(wait);
            }
        }
    }

    private static <K> void add(Map<K, Set<Long>> threads, K key, long thread) {
        threads.computeIfAbsent(key, each -> new HashSet<>()).add(thread);
    }

    private boolean waitsForTheSame(ThreadRef waker, Second.KeptWait wait) {
        String object = object(wait);
        boolean ownObject = object.equals(LockRef.UNKNOWN_IDENTITY)
                || byObject.getOrDefault(object, Set.of()).size() == 1;
        Set<Long> same = ownObject ? byMethod.get(method(wait)) : byBoth.get(new Place(object, method(wait)));
        return same != null && same.contains(waker.id());
    }

    private static String object(Second.KeptWait wait) {
        return wait.fact.lock().identity();
    }

    /** The method that waits; empty for what is waited for in one sense only, wherever. */
    private String method(Second.KeptWait wait) {
        boolean permits =
                wait.fact.kind() == WaitKind.SEMAPHORE || wait.fact.kind().isQueue();
        return permits ? "" : methods.computeIfAbsent(wait.fact.stack(), PassedOn::method);
    }

    private static String method(Stack stack) {
        return stack.site()
                .map(frame -> frame.className() + "." + frame.method())
                .orElse("");
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
        return waits.stream().mapToDouble(wait -> wait.nanos).sum();
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
