// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells whether all tasks have ended that by the code could end a wait for a latch or a future: no thread was in one of them since the wait was
 * first seen, and no pool has a task queued. A thread of which nothing was seen meanwhile may be in one, unless it waits for work.
 */
final class TasksEnded {
    /** The JDK's own threads that make virtual threads go on; those are counted by themselves. */
    private static final String CARRIES = "VirtualThread-";

    private static final int HISTORY = 50_000;

    private final WaitForGraph graph;
    private final Situation all;
    private final Map<Long, List<Stack>> stacks = new HashMap<>();

    TasksEnded(WaitForGraph graph, Situation all) {
        this.graph = graph;
        this.all = all;
    }

    /** @param waiter its stack */
    boolean of(WaitForGraph.Edge edge, Stack waiter) {
        boolean lasting = edge.soFar().compareTo(CodeOwners.MIN_AGE) >= 0;
        return lasting && noneQueued() && runNowhere(edge, Set.of(edge.waiter().id()), waiter);
    }

    /**
     * Whether by the code only tasks of the waiting method can end the wait, and no thread was in one of them since the wait was first seen.
     *
     * @param waiters by id, itself among them; these do not count
     * @param waiter its stack
     */
    boolean runNowhere(WaitForGraph.Edge edge, Set<Long> waiters, Stack waiter) {
        Set<String> givers = edge.kind() == WaitKind.LATCH || edge.kind() == WaitKind.FUTURE
                ? all.session().code().givers(waiter, edge.kind())
                : Set.of();
        return !givers.isEmpty()
                && !new NobodyComes(graph, all).hasOtherVirtual(edge)
                && noneThere(
                        edge,
                        waiters,
                        stack -> stack.frames().stream()
                                        .anyMatch(frame -> givers.contains(frame.className() + "." + frame.method()))
                                || all.session().code().comesTo(stack, givers));
    }

    boolean noneQueued() {
        return all.pools().stream().allMatch(TasksEnded::isEmpty);
    }

    /** Whether no task is queued but in pools that have no other threads than these: there it is not run before one of them goes on. */
    boolean noneQueuedForOthers(Set<Long> threads) {
        return all.pools().stream().allMatch(pool -> isEmpty(pool) || isTakenBy(threads, new PoolTrouble(pool, all)));
    }

    /** Whether all threads of a pool are among these. */
    static boolean isTakenBy(Set<Long> waiters, PoolTrouble trouble) {
        List<ThreadWindow> workers = trouble.workers();
        return trouble.ofThreads()
                && trouble.pool.size() > 0
                && workers.size() >= trouble.pool.size()
                && workers.stream()
                        .allMatch(worker -> waiters.contains(worker.thread().id()));
    }

    /**
     * Whether no thread stood since the wait was first seen where it might have ended it.
     *
     * @param waiters by id; these do not count
     */
    boolean noneThere(WaitForGraph.Edge edge, Set<Long> waiters, Predicate<Stack> mayEnd) {
        look(graph.at().minus(edge.soFar()).minus(StuckForGood.SLACK));
        return noneThere(waiters, mayEnd);
    }

    /** The same where a thread that waits again and again, for a moment each time, is known by these waits. */
    boolean noneSeenThere(WaitForGraph.Edge edge, Set<Long> waiters, Predicate<Stack> mayEnd) {
        Instant since = graph.at().minus(edge.soFar()).minus(StuckForGood.SLACK);
        look(since);
        Range range = new Range(since, all.range().to().plusNanos(1));
        for (Wait each : all.session().waits(range, WaitQuery.all(HISTORY).withoutHolders())) {
            add(each.waiter().id(), each.stack());
        }
        return noneThere(waiters, mayEnd);
    }

    private boolean noneThere(Set<Long> waiters, Predicate<Stack> mayEnd) {
        return all.threads().stream()
                .allMatch(thread -> waiters.contains(thread.thread().id()) || isElsewhere(thread, mayEnd));
    }

    /** Tasks of a scheduled pool wait for their time; such a task is none of the givers. */
    private static boolean isEmpty(PoolWindow pool) {
        return pool.queueDepth() == 0
                || pool.type().equals("scheduled")
                || pool.type().equals("slots");
    }

    private void look(Instant since) {
        stacks.clear();
        Range range = new Range(since, all.range().to().plusNanos(1));
        for (Fact.StackSeen each : all.session().stacks(range)) {
            if (!each.reason().equals("taker")) { // what it does with what it takes is not known
                add(each.thread().id(), each.stack());
            }
        }
        for (Fact.Activity each : all.session().activities(range)) {
            add(each.thread().id(), each.stack());
        }
        for (Session.Samples each : all.session().samples(range)) {
            add(each.thread().id(), each.stack());
        }
    }

    private void add(long thread, Stack stack) {
        stacks.computeIfAbsent(thread, id -> new ArrayList<>()).add(stack);
    }

    private boolean isElsewhere(ThreadWindow thread, Predicate<Stack> mayEnd) {
        boolean carries = thread.thread().label().startsWith(CARRIES);
        if (thread.ended() != null || StuckForGood.isOfTheJvm(thread) || carries) {
            return true;
        }
        List<Stack> seen = stacks.getOrDefault(thread.thread().id(), List.of());
        if (seen.stream().distinct().anyMatch(mayEnd)) {
            return false;
        }
        boolean idle = graph.of(thread.thread().id())
                .map(edge -> edge.idle() && (edge.kind() != WaitKind.QUEUE_TAKE || PoolTrouble.fetchesWork(edge, all)))
                .orElse(thread.state() == 'W');
        return idle || !seen.isEmpty();
    }
}
