// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    private static final String FORKED = "java.util.concurrent.ForkJoinTask";

    /** Calls that complete a task, or have it run by somebody. */
    private static final List<String> COMPLETE = List.of(
            "complete",
            "tryComplete",
            "quietlyComplete",
            "propagateCompletion",
            "quietlyCompleteRoot",
            "completeExceptionally",
            "cancel",
            "fork",
            "invoke",
            "invokeAll");

    /**
     * @param lasting without a limit
     * @param stacks of the waiters, by thread id
     */
    List<StuckForGood.Proof> of(List<WaitForGraph.Edge> lasting, Map<Long, Stack> stacks) {
        return lasting.stream()
                .filter(edge -> edge.kind() == WaitKind.FUTURE && edge.soFar().compareTo(CodeOwners.MIN_AGE) >= 0)
                .flatMap(edge -> {
                    Stack stack = stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
                    return (edge.lock().className().equals(TASK) ? of(edge, stack) : forked(edge, stack)).stream();
                })
                .toList();
    }

    /** Of a task for a ForkJoinPool, of a class of the application: no thread runs any such task, and none comes to complete one. */
    private Optional<StuckForGood.Proof> forked(WaitForGraph.Edge edge, Stack stack) {
        String type = edge.lock().className();
        boolean forked = stack.frames().stream()
                .takeWhile(Frame::isJdk)
                .anyMatch(frame -> frame.className().equals(FORKED));
        if (!forked || type.startsWith("java.") || Libraries.has(type) || NobodyComes.hasVirtual(all)) {
            return Optional.empty();
        }
        Set<String> ways = COMPLETE.stream()
                .flatMap(name -> Stream.of(type, FORKED, "java.util.concurrent.CountedCompleter")
                        .map(owner -> owner + "." + name))
                .collect(Collectors.toSet());
        List<WaitForGraph.Edge> waiting = graph.edges().stream()
                .filter(other -> other.lock().equals(edge.lock()))
                .toList();
        Set<Long> waiters = waiting.stream().map(other -> other.waiter().id()).collect(Collectors.toSet());
        TasksEnded tasks = new TasksEnded(graph, all);
        boolean left = tasks.noneQueued()
                && tasks.noneThere(
                        edge,
                        waiters,
                        each -> runsForked(each) || all.session().code().comesTo(each, ways));
        return left
                ? Optional.of(new StuckForGood.Proof(
                        "that nobody completes",
                        "No thread runs a task of a ForkJoinPool and none is queued, and by the code no thread comes to complete it",
                        waiting,
                        "Fork or invoke each task once. Let a CountedCompleter have as many pending counts as it has forked tasks that complete"
                                + " into it: with one more it never completes%s."))
                : Optional.empty();
    }

    private static boolean runsForked(Stack stack) {
        return stack.frames().stream()
                .anyMatch(frame ->
                        frame.className().equals(FORKED) && frame.method().equals("doExec")
                                || frame.method().equals("exec") && frame.isJdk());
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
