// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds to a snapshot who is to end the waits that nobody owns, for semaphores, stamped locks, latches, conditions, futures and queues: the
 * threads whose code gives it further on, or that run the task waited for.
 *
 * <p>A name in the code may stand for two objects, so this alone proves little. An edge is added only if the wait has no limit and has lasted,
 * and every thread that by its code would end it is itself in such a wait. A cycle counts if one of its edges is known from the JVM, or if
 * by the code each of its threads has taken what the one before wants, or gives it, be it on another object, only after the wait in which it
 * stands; and only if all that could help stand in it or behind it. A signal that other methods give as well may come from a thread that has
 * still to enter one.
 */
final class CodeOwners {
    /** A wait this long is met by several snapshots, and what is given in the normal course has been given. */
    static final Duration MIN_AGE = Duration.ofSeconds(5);

    private static final int MOST_WAITS = 50;
    /** Held up by nature; a wait of the others counts if somebody waits for the waiter. */
    private static final Set<WaitKind> HELD_UP =
            EnumSet.of(WaitKind.SEMAPHORE, WaitKind.STAMPED, WaitKind.QUEUE_PUT, WaitKind.FUTURE, WaitKind.LATCH);

    private static final Set<WaitKind> RESULTS = EnumSet.of(WaitKind.FUTURE, WaitKind.PARK);

    private final WaitForGraph plain;
    private final Situation all;
    private final Map<Long, Fact.StackSeen> seen = new HashMap<>();
    private final Map<Long, List<ThreadRef>> able = new LinkedHashMap<>();
    /** Waiters for whose waits it does not matter that a name may stand for two objects. */
    private final Set<Long> sure = new HashSet<>();

    private final WaitForGraph graph;

    private CodeOwners(WaitForGraph taken, Situation all) {
        this.all = all;
        for (Fact.StackSeen each : all.session().stacks(all.session().kept())) {
            seen.put(each.thread().id(), each);
        }
        plain = new WaitForGraph(
                taken.at(),
                taken.snapshot(),
                taken.edges().stream().map(this::told).toList());
        open().forEach(this::find);
        graph = able.isEmpty()
                ? plain
                : new WaitForGraph(
                        plain.at(),
                        plain.snapshot(),
                        plain.edges().stream().map(this::owned).toList());
    }

    static CodeOwners of(WaitForGraph graph, Situation all) {
        return new CodeOwners(graph, all);
    }

    /** The snapshot with the owners that the code tells. */
    WaitForGraph graph() {
        return graph;
    }

    /** Waiters of the cycle whose edges are concluded from code. */
    Set<Long> concluded(List<WaitForGraph.Edge> cycle) {
        return cycle.stream()
                .map(edge -> edge.waiter().id())
                .filter(able::containsKey)
                .collect(Collectors.toSet());
    }

    /** Whether a cycle that rests on code is beyond doubt. */
    boolean holds(List<WaitForGraph.Edge> cycle) {
        Set<Long> concluded = concluded(cycle);
        Set<Long> in = cycle.stream().map(edge -> edge.waiter().id()).collect(Collectors.toSet());
        boolean known = concluded.size() < cycle.size() || sure.containsAll(in);
        return known
                && concluded.stream()
                        .flatMap(waiter -> able.getOrDefault(waiter, List.of()).stream())
                        .allMatch(thread -> in.contains(thread.id())
                                || graph.chain(thread).stream()
                                        .anyMatch(step ->
                                                in.contains(step.waiter().id())));
    }

    private WaitForGraph.Edge told(WaitForGraph.Edge edge) {
        Fact.StackSeen stack = seen.get(edge.waiter().id());
        return stack == null
                ? edge
                : InnerWaits.told(edge, stack.stack(), all.session().code());
    }

    /** Waits that have lasted and have no owner, those first that hold up others. */
    private List<WaitForGraph.Edge> open() {
        Set<Long> needed = new HashSet<>();
        for (WaitForGraph.Edge edge : plain.edges()) {
            ThreadRef owner = edge.owner();
            if (owner != null) {
                needed.add(owner.id());
            }
        }
        return plain.edges().stream()
                .filter(edge -> edge.owner() == null && edge.soFar().compareTo(MIN_AGE) >= 0)
                .filter(edge -> needed.contains(edge.waiter().id()) || HELD_UP.contains(edge.kind()) || isLent(edge))
                .sorted(Comparator.comparing(
                        edge -> !needed.contains(edge.waiter().id())))
                .limit(MOST_WAITS)
                .toList();
    }

    private void find(WaitForGraph.Edge edge) {
        List<ThreadRef> found = new ArrayList<>();
        Set<String> places = new HashSet<>();
        boolean lent = isLent(edge);
        boolean allTaken = true;
        boolean allAfter = edge.kind() == WaitKind.FUTURE || edge.kind() == WaitKind.LATCH;
        for (WaitForGraph.Edge other : isStuck(edge) ? plain.edges() : List.<WaitForGraph.Edge>of()) {
            boolean same = other.waiter().id() == edge.waiter().id();
            boolean takes = owed(other.waiter(), edge).anyMatch(CodeOwners::isTaken);
            boolean owes = !same && owed(other.waiter(), edge).findAny().isPresent();
            if (takes || owes || (!same && runsTaskOf(other, edge))) {
                if (!isStuck(other) || (lent && !(takes && wantsTheSame(other, edge)))) {
                    return;
                }
                owed(other.waiter(), edge).map(Owed::place).forEach(places::add);
                allTaken &= takes;
                allAfter &= owes && owed(other.waiter(), edge).allMatch(Owed::onlyAfter);
                found.add(same ? found.size() : 0, other.waiter()); // itself last: others hold it as well
            }
        }
        boolean everywhere = (allTaken && edge.kind().isLock())
                || places.isEmpty()
                || places.containsAll(lent ? tasksFor(edge) : placesFor(edge));
        if (!found.isEmpty() && everywhere && all.threads().stream().noneMatch(thread -> mayHelp(thread, edge))) {
            able.put(edge.waiter().id(), found);
            if (allTaken || allAfter) {
                sure.add(edge.waiter().id());
            }
        }
    }

    /** Whether the waiter takes from the queue what it puts back, as from a pool of connections; work is not put back. */
    private boolean isLent(WaitForGraph.Edge edge) {
        Fact.StackSeen stack = seen.get(edge.waiter().id());
        return edge.kind() == WaitKind.QUEUE_TAKE
                && stack != null
                && all.session().code().givesBack(stack.stack(), edge.kind(), edge.lockName());
    }

    private static boolean wantsTheSame(WaitForGraph.Edge other, WaitForGraph.Edge edge) {
        return other.kind() == edge.kind() && other.lock().equals(edge.lock());
    }

    /** What by its code a thread is to give of what is waited for. */
    private Stream<Owed> owed(ThreadRef thread, WaitForGraph.Edge edge) {
        Fact.StackSeen stack = seen.get(thread.id());
        return stack == null ? Stream.empty() : owed(stack.stack(), edge);
    }

    private Stream<Owed> owed(Stack stack, WaitForGraph.Edge edge) {
        return all.session().code().owes(stack).stream()
                .filter(each -> each.kind() == edge.kind() && each.name().equals(edge.lockName()));
    }

    private static boolean isTaken(Owed owed) {
        return owed.taken() || owed.kind() == WaitKind.QUEUE_PUT;
    }

    /** The methods that give it; whoever enters one in which the waiter stands comes to wait there, too. */
    private Set<String> placesFor(WaitForGraph.Edge edge) {
        Fact.StackSeen waiter = seen.get(edge.waiter().id());
        Stack stack = waiter == null ? Stack.EMPTY : waiter.stack();
        Set<String> places = new HashSet<>(all.session().code().places(stack, edge.kind(), edge.lockName()));
        stack.frames().forEach(frame -> places.remove(frame.className() + "." + frame.method()));
        return places;
    }

    /** The methods by which tasks give it: a task that fills the pool up may start at any time. */
    private Set<String> tasksFor(WaitForGraph.Edge edge) {
        Fact.StackSeen waiter = seen.get(edge.waiter().id());
        return waiter == null ? Set.of() : all.session().code().tasks(waiter.stack(), edge.kind(), edge.lockName());
    }

    private boolean runsTaskOf(WaitForGraph.Edge runner, WaitForGraph.Edge waiter) {
        Fact.StackSeen runs = seen.get(runner.waiter().id());
        return runs != null && runsTaskOf(runs.stack(), waiter);
    }

    private boolean runsTaskOf(Stack runs, WaitForGraph.Edge waiter) {
        Fact.StackSeen waits = seen.get(waiter.waiter().id());
        return RESULTS.contains(waiter.kind())
                && waits != null
                && all.session().code().runsTaskOf(runs, waits.stack());
    }

    /** Whether a thread that waits for nothing would end the wait by its code. */
    private boolean mayHelp(ThreadWindow thread, WaitForGraph.Edge edge) {
        boolean waits = plain.of(thread.thread().id()).isPresent();
        Fact.StackSeen told = seen.get(thread.thread().id());
        return !waits
                && thread.ended() == null
                && Stream.of(thread.stack(), told == null ? Stack.EMPTY : told.stack())
                        .anyMatch(stack -> owed(stack, edge).findAny().isPresent() || runsTaskOf(stack, edge));
    }

    /** Whether a stack of this wait says that it has no limit. */
    private boolean isStuck(WaitForGraph.Edge edge) {
        Fact.StackSeen stack = seen.get(edge.waiter().id());
        return edge.soFar().compareTo(MIN_AGE) >= 0
                && stack != null
                && !stack.at().isBefore(plain.at().minus(edge.soFar()).minus(StuckForGood.SLACK))
                && (stack.state().equals("WAITING") || stack.state().equals("BLOCKED"));
    }

    private WaitForGraph.Edge owned(WaitForGraph.Edge edge) {
        List<ThreadRef> found = able.get(edge.waiter().id());
        return found == null ? edge : edge.ownedBy(isOfSeveral(edge) ? next(found, edge.waiter()) : found.get(0));
    }

    /** Whether threads wait for several things of this name, as for the elements of an array: nobody knows which of them a thread has. */
    private boolean isOfSeveral(WaitForGraph.Edge edge) {
        return plain.edges().stream()
                .anyMatch(other -> other.kind() == edge.kind()
                        && other.lockName().equals(edge.lockName())
                        && !other.lock().equals(edge.lock()));
    }

    /** One after the other and round again, so that all who may have it stand in one cycle. */
    private static ThreadRef next(List<ThreadRef> found, ThreadRef waiter) {
        Comparator<ThreadRef> order = Comparator.comparing(ThreadRef::id);
        return found.stream()
                .filter(thread -> thread.id() > waiter.id())
                .min(order)
                .orElseGet(() -> found.stream().min(order).orElseThrow());
    }
}
