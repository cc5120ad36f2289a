// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact.LockOrderSeen;
import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitNestings;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nestings of locks that ordinary waits give away, without a woven class: a thread that waits for one lock while another
 * thread waits for a lock it holds. From snapshots and from the waits that are kept.
 */
final class WaitOrders {
    private static final int MOST_WAITS = 2_000;
    /** A snapshot reads one thread after the other: only who waits since before it began has held the same locks throughout. */
    private static final Duration READING = Duration.ofMillis(250);

    private static final Set<WaitKind> LOCKS = Set.of(WaitKind.MONITOR, WaitKind.LOCK, WaitKind.WRITE);

    private final Map<Long, List<Wait>> byWaiter;
    private final List<LockOrderSeen> found;

    private WaitOrders(List<Wait> waits, List<LockOrderSeen> known) {
        byWaiter = waits.stream()
                .filter(wait -> LOCKS.contains(wait.kind()))
                .collect(Collectors.groupingBy(wait -> wait.waiter().id()));
        found = new ArrayList<>(known);
    }

    static List<LockOrderSeen> of(Situation all) {
        List<Wait> waits = all.session()
                .waits(all.range(), WaitQuery.heldUp(Duration.ZERO, MOST_WAITS).withoutHolders());
        WaitOrders orders = new WaitOrders(waits, all.session().waitNestings());
        all.graphs().forEach(orders::add);
        return orders.found;
    }

    private void add(WaitForGraph graph) {
        Set<Long> stuck = graph.cycles().stream() // a deadlock that has happened is told as one
                .flatMap(List::stream)
                .map(edge -> edge.waiter().id())
                .collect(Collectors.toSet());
        for (WaitForGraph.Edge own : graph.edges()) {
            if (!LOCKS.contains(own.kind()) || stuck.contains(own.waiter().id())) {
                continue;
            }
            List<LockRef> held = graph.edges().stream()
                    .filter(other -> other.owner() != null
                            && other.owner().id() == own.waiter().id())
                    .filter(other -> LOCKS.contains(other.kind()))
                    .map(WaitForGraph.Edge::lock)
                    .distinct()
                    .toList();
            Wait wait = held.isEmpty() ? null : waitOf(own.waiter(), graph.at(), own.lock());
            if (wait != null) {
                held.stream()
                        .filter(lock -> !lock.equals(own.lock()))
                        .map(lock ->
                                WaitNestings.nesting(graph.at(), own.waiter(), lock, own.lock(), wait.stack(), held))
                        .forEach(found::add);
            }
        }
    }

    private @Nullable Wait waitOf(ThreadRef thread, Instant at, LockRef lock) {
        return byWaiter.getOrDefault(thread.id(), List.of()).stream()
                .filter(wait ->
                        !wait.start().isAfter(at.minus(READING)) && wait.end().isAfter(at))
                .filter(wait -> wait.lock().equals(lock))
                .findFirst()
                .orElse(null);
    }
}
