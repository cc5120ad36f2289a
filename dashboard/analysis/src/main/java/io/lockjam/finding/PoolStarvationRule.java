// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds pools whose tasks wait for tasks that are queued behind them.
 *
 * <p>Every thread of the pool waits for a result or a signal inside a task, or for a lock that such a one keeps, has done so for two seconds, nothing
 * was completed in that time, and tasks are queued that no thread is left to run. Where another pool is at work the results may be its own.
 */
record PoolStarvationRule(Duration minAge) implements Rule<PoolWindow> {
    static final PoolStarvationRule DEFAULT = new PoolStarvationRule(Duration.ofSeconds(2));

    /** So many times as long. */
    private static final int LONG = 5;

    @Override
    public Kind kind() {
        return Kind.POOL_STARVATION;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        if (!trouble.ofThreads() || pool.queueDepth() == 0 || pool.size() == 0) {
            return Verdict.CLEAR;
        }
        Optional<HeldTasks> held = HeldTasks.of(trouble, minAge);
        if (held.isEmpty() || progressed(pool) || mayBeForOthers(trouble, held.get())) {
            return Verdict.CLEAR;
        }
        HeldTasks waiting = held.get();
        List<Place> where = waiting.forResults().stream()
                .map(edge -> DeadlockRule.stackOf(edge, all))
                .flatMap(stack -> stack.own().map(frame -> new Place("task", frame, stack)).stream())
                .limit(1)
                .toList();
        Impact impact = new Impact(waiting.size() + (double) pool.queueDepth(), waiting.size());
        Text text = new HeldTasksText(pool, waiting, where, minAge).text(isForQueued(trouble, waiting), all);
        return new Verdict.Found(new Finding.PoolStarvation(trouble.details(text, impact, where), pool));
    }

    /** Whether it is shown that tasks of the pool are waited for, and not a result that was lost, or the end of a thread. */
    private static boolean isForQueued(PoolTrouble trouble, HeldTasks waiting) {
        Set<WaitKind> kinds =
                waiting.forResults().stream().map(WaitForGraph.Edge::kind).collect(Collectors.toSet());
        if (kinds.contains(WaitKind.JOIN)) {
            return false;
        }
        return kinds.equals(Set.of(WaitKind.FUTURE))
                || hasFrom(trouble.pool, names(trouble))
                || isForOwn(trouble, waiting);
    }

    /**
     * Whether the results may be those of another pool, which is slow and not starved: it is at work, and the waiters hand tasks to it, or it is not
     * seen that they hand any to their own and they have not waited long. One that hands tasks back and waits for them itself is not at work.
     */
    private boolean mayBeForOthers(PoolTrouble trouble, HeldTasks waiting) {
        Set<String> names = names(trouble);
        if (!waiting.behind().isEmpty()) { // all stand behind one call, whose result may come from anywhere
            return !isForOwn(trouble, waiting);
        }
        if (hasFrom(trouble.pool, names)) {
            return false;
        }
        List<PoolWindow> others = trouble.all.pools().stream()
                .filter(pool -> !pool.identity().equals(trouble.pool.identity()))
                .filter(pool -> new PoolTrouble(pool, trouble.all).ofThreads() && pool.busyMean() > 0)
                .filter(pool -> !waitsFor(trouble.pool, new PoolTrouble(pool, trouble.all)))
                .toList();
        return others.stream().anyMatch(pool -> hasFrom(pool, names))
                || (!others.isEmpty()
                        && waiting.forResults().stream()
                                .anyMatch(edge -> edge.soFar().compareTo(minAge.multipliedBy(LONG)) < 0));
    }

    /** Whether by the code some wait for tasks that they have handed in and no thread runs, and no other pool has any queued. */
    private static boolean isForOwn(PoolTrouble trouble, HeldTasks waiting) {
        Situation all = trouble.all;
        WaitForGraph graph = all.session().graph(all.range().to());
        TasksEnded tasks = new TasksEnded(graph, all);
        DroppedTask submitted = new DroppedTask(graph, all);
        return all.pools().stream()
                        .noneMatch(pool -> pool.queueDepth() > 0
                                && new PoolTrouble(pool, all).ofThreads()
                                && !pool.identity().equals(trouble.pool.identity()))
                && waiting.forResults().stream().anyMatch(edge -> {
                    Stack stack = DeadlockRule.stackOf(edge, all);
                    return tasks.runNowhere(edge, waiting.threads(), stack)
                            || submitted.isQueued(edge, waiting.threads(), stack);
                });
    }

    private boolean waitsFor(PoolWindow pool, PoolTrouble other) {
        return hasFrom(pool, names(other))
                && !progressed(other.pool)
                && HeldTasks.of(other, minAge).isPresent();
    }

    private static Set<String> names(PoolTrouble trouble) {
        return trouble.workers().stream().map(worker -> worker.thread().label()).collect(Collectors.toSet());
    }

    /** Whether a thread was seen to hand a task to a pool. */
    private static boolean hasFrom(PoolWindow pool, Set<String> threads) {
        return pool.submitters().stream()
                .flatMap(each -> each.threads().stream())
                .anyMatch(threads::contains);
    }

    /** Whether tasks ended in the last seconds: the queue got shorter, or fewer threads were busy for a moment. */
    private boolean progressed(PoolWindow pool) {
        List<Integer> depths = pool.queueDepths();
        int seconds = (int) minAge.toSeconds();
        int last = -1;
        for (int i = Math.max(0, depths.size() - 1 - seconds); i < depths.size(); i++) {
            if (depths.get(i) >= 0) {
                if (last >= 0 && depths.get(i) < last) {
                    return true;
                }
                last = depths.get(i);
            }
        }
        return false;
    }
}
