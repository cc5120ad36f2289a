// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells of a wait for the result of a task that nobody runs: by the code it was never handed to anybody, or it was handed to a pool and is neither queued
 * nor run, as what {@code shutdownNow} returns and what {@code DiscardPolicy} drops.
 *
 * <p>All workers that wait for work have empty queues, so a task that is not run by a thread is in none of them. A thread that comes to run tasks
 * of its own accord may have it in a queue of its own.
 */
record DroppedTask(WaitForGraph graph, Situation all) {
    private static final String TASK = "java.util.concurrent.FutureTask";
    private static final Set<String> RUNS =
            Set.of("java.lang.Runnable.run", "java.util.concurrent.RunnableFuture.run", TASK + ".run");

    /**
     * @param lasting without a limit
     * @param stacks of the waiters, by thread id
     */
    List<StuckForGood.Proof> of(List<WaitForGraph.Edge> lasting, Map<Long, Stack> stacks) {
        return lasting.stream()
                .filter(edge -> edge.kind() == WaitKind.FUTURE
                        && edge.lock().className().equals(TASK)
                        && edge.soFar().compareTo(CodeOwners.MIN_AGE) >= 0)
                .flatMap(edge -> of(edge, stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY)).stream())
                .toList();
    }

    private Optional<StuckForGood.Proof> of(WaitForGraph.Edge edge, Stack stack) {
        List<WaitForGraph.Edge> waiting = graph.edges().stream()
                .filter(other -> other.lock().equals(edge.lock()))
                .toList();
        if (all.session().code().isNeverRun(stack)) {
            return Optional.of(new StuckForGood.Proof(
                    "that nobody computes",
                    "By the code nobody runs the FutureTask, and it is handed to no executor and no thread",
                    waiting,
                    "Hand the task to an executor or a thread, or run it, before somebody waits for it%s."));
        }
        TasksEnded tasks = new TasksEnded(graph, all);
        boolean dropped = all.session().code().onlySubmits(stack)
                && !NobodyComes.hasVirtual(all)
                && tasks.noneQueued()
                && tasks.noneThere(edge, Set.of(edge.waiter().id()), this::mayRun);
        return dropped
                ? Optional.of(
                        new StuckForGood.Proof(
                                "of a task that was dropped",
                                "No thread runs it and no pool has a task queued. A task that is still queued when its pool is ended with shutdownNow, or that is"
                                        + " refused with DiscardPolicy or DiscardOldestPolicy, never gives its result",
                                waiting,
                                "Cancel the tasks that shutdownNow returns, or refuse tasks with an exception, so that who waits for their results is told%s."))
                : Optional.empty();
    }

    /**
     * Whether the wait is for a task that was handed to an executor and that no other thread than these runs or comes to run: then it is still queued.
     *
     * @param waiters by id, itself among them
     * @param stack of the waiter
     */
    boolean isQueued(WaitForGraph.Edge edge, Set<Long> waiters, Stack stack) {
        return edge.lock().className().equals(TASK)
                && all.session().code().onlySubmits(stack)
                && !NobodyComes.hasVirtual(all)
                && new TasksEnded(graph, all).noneThere(edge, waiters, this::mayRun);
    }

    private boolean mayRun(Stack stack) {
        boolean runs = stack.frames().stream()
                .anyMatch(frame ->
                        frame.className().equals(TASK) && frame.method().equals("run"));
        return runs || all.session().code().comesTo(stack, RUNS);
    }
}
