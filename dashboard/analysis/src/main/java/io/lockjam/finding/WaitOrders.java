// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact.LockOrderSeen;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
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
 * thread waits for a lock it holds.
 *
 * <p>From a snapshot, which is of one moment; and from waits for locks of java.util.concurrent, whose owner is read when they
 * begin. Who had a monitor before a wait ended does not say who had it when it began, so those waits are left out.
 */
final class WaitOrders {
    /** In place of the line that took the held lock, which is not known. */
    static final String UNKNOWN_PLACE = "";

    private static final int MOST_WAITS = 2_000;
    private static final Set<WaitKind> LOCKS = Set.of(WaitKind.MONITOR, WaitKind.LOCK, WaitKind.WRITE);

    private final Map<Long, List<Wait>> byWaiter;
    private final List<LockOrderSeen> found = new ArrayList<>();

    private WaitOrders(List<Wait> waits) {
        byWaiter = waits.stream()
                .filter(wait -> LOCKS.contains(wait.kind()))
                .collect(Collectors.groupingBy(wait -> wait.waiter().id()));
    }

    static List<LockOrderSeen> of(Situation all) {
        List<Wait> waits = all.session()
                .waits(
                        all.session().kept(),
                        WaitQuery.heldUp(Duration.ZERO, MOST_WAITS).withoutHolders());
        WaitOrders orders = new WaitOrders(waits);
        waits.forEach(orders::add);
        all.graphs().forEach(orders::add);
        return orders.found;
    }

    private void add(Wait other) {
        ThreadRef owner = other.owner();
        boolean readAtBegin = other.kind() == WaitKind.LOCK || other.kind() == WaitKind.WRITE;
        if (owner != null && readAtBegin) {
            Wait own = waitOf(owner, other.start(), null);
            if (own != null && own.ended()) {
                add(own.start(), owner, other.lock(), own.lock(), own.stack(), List.of(other.lock()));
            }
        }
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
                held.forEach(lock -> add(graph.at(), own.waiter(), lock, own.lock(), wait.stack(), held));
            }
        }
    }

    private @Nullable Wait waitOf(ThreadRef thread, Instant at, @Nullable LockRef lock) {
        return byWaiter.getOrDefault(thread.id(), List.of()).stream()
                .filter(wait -> !wait.start().isAfter(at) && wait.end().isAfter(at))
                .filter(wait -> lock == null || wait.lock().equals(lock))
                .findFirst()
                .orElse(null);
    }

    private void add(Instant at, ThreadRef thread, LockRef held, LockRef wanted, Stack stack, List<LockRef> gates) {
        boolean tried = stack.frames().stream().anyMatch(frame -> frame.method().startsWith("tryLock"));
        if (!held.equals(wanted)) {
            List<String> identities = gates.stream().map(LockRef::identity).toList();
            found.add(new LockOrderSeen(at, thread, held, UNKNOWN_PLACE, wanted, stack, identities, tried));
        }
    }
}
