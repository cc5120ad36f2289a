// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds tasks that wait for the end of their own pool, which does not end before its tasks do.
 *
 * <p>Such a wait always has a time limit, if only of a day ({@code close}); nothing else ends it. The task may also wait for another thread that
 * waits so, as {@code System.exit} does for a shutdown hook.
 */
record OwnEndRule(Duration minAge) implements Rule<PoolWindow> {
    static final OwnEndRule DEFAULT = new OwnEndRule(CodeOwners.MIN_AGE);

    @Override
    public Kind kind() {
        return Kind.POOL_STARVATION;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        if (!trouble.ofThreads()) {
            return Verdict.CLEAR;
        }
        WaitForGraph graph = all.session().graph(all.range().to());
        for (ThreadWindow worker : trouble.workers()) {
            Optional<WaitForGraph.Edge> edge = graph.of(worker.thread().id())
                    .filter(each -> !each.idle() && each.soFar().compareTo(minAge) >= 0);
            Stack stack = edge.map(each -> DeadlockRule.stackOf(each, all)).orElse(Stack.EMPTY);
            if (!stack.isEmpty() && all.session().code().awaitsOwnEnd(stack)) {
                return new Verdict.Found(finding(trouble, worker, edge.orElseThrow(), stack));
            }
            Optional<WaitForGraph.Edge> other =
                    stack.isEmpty() ? Optional.empty() : awaitsItsEnd(edge.get(), stack, graph, all);
            if (other.isPresent()) {
                return new Verdict.Found(finding(trouble, edge.get(), stack, other.get(), all));
            }
        }
        return Verdict.CLEAR;
    }

    /** The wait of a thread that waits for the end of the pool and that the task waits for. */
    private Optional<WaitForGraph.Edge> awaitsItsEnd(
            WaitForGraph.Edge edge, Stack task, WaitForGraph graph, Situation all) {
        return graph.chain(edge.waiter()).stream()
                .flatMap(step -> Optional.ofNullable(step.owner()).stream())
                .flatMap(owner -> graph.of(owner.id()).stream())
                .filter(wait -> wait.soFar().compareTo(minAge) >= 0)
                .filter(wait -> all.session().code().awaitsEndOf(DeadlockRule.stackOf(wait, all), task, false))
                .findFirst();
    }

    private Finding finding(
            PoolTrouble trouble, WaitForGraph.Edge edge, Stack stack, WaitForGraph.Edge other, Situation all) {
        Stack awaiting = DeadlockRule.stackOf(other, all);
        Frame site = stack.site().orElseThrow();
        Frame awaits = awaiting.site().orElseThrow();
        String name = edge.waiter().label();
        boolean exits = DeadlockText.exits(stack);
        Text text = new Text(
                "%s runs a task of %s that waits for %s, which waits for %s to end (%s so far), at %s."
                        .formatted(
                                name,
                                trouble.pool.name(),
                                other.waiter().label(),
                                trouble.pool.name(),
                                Words.time(other.soFar()),
                                Words.place(site)),
                (exits ? "System.exit waits for all shutdown hooks to end. " : "")
                        + "A pool ends when all its tasks have ended, and this task is one of them: "
                        + Words.place(awaits) + " waits for it.",
                "2 threads stand still until the time limit at " + Words.place(awaits) + " has passed.",
                exits
                        ? "Do not call System.exit at " + Words.place(site)
                                + " within a task of the pool: throw an exception there, or exit in a thread of its own."
                        : "Let no task of the pool wait for a thread that waits for the end of the pool, as at "
                                + Words.place(site) + ".",
                exits ? "The program ends at once." : "The pool ends with its last task.",
                "From the stacks of both threads, and the code that hands the task to the pool.",
                "Such waits of at least " + Words.time(minAge) + "; here " + Words.time(other.soFar()) + ".");
        List<Place> where =
                new ArrayList<>(List.of(new Place("task", site, stack), new Place("waiter", awaits, awaiting)));
        return new Finding.PoolStarvation(trouble.details(text, new Impact(2, 2), where), trouble.pool);
    }

    private Finding finding(PoolTrouble trouble, ThreadWindow worker, WaitForGraph.Edge edge, Stack stack) {
        Frame site = stack.site().orElseThrow();
        String name = worker.thread().label();
        Text text = new Text(
                "%s runs a task of %s that waits for %s itself to end (%s so far) at %s."
                        .formatted(
                                name,
                                trouble.pool.name(),
                                trouble.pool.name(),
                                Words.time(edge.soFar()),
                                Words.place(site)),
                "A pool ends when all its tasks have ended, and this task is one of them.",
                "1 thread stands still until its time limit has passed (a day for close), and the pool does not end before.",
                "Wait for the end of the pool in a thread that is none of its own, such as the one that hands in the tasks, and not at "
                        + Words.place(site) + ".",
                "The pool ends with its last task.",
                "From the stack of the thread, and the code that hands the task to the pool.",
                "Such a wait of at least " + Words.time(minAge) + "; here " + Words.time(edge.soFar()) + ".");
        List<Place> where = new ArrayList<>(List.of(new Place("task", site, stack)));
        return new Finding.PoolStarvation(trouble.details(text, new Impact(1, 1), where), trouble.pool);
    }
}
