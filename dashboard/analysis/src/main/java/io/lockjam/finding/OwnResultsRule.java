// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Finds threads of a pool that all wait for what only threads of the same pool give, where the queue of the tasks behind them is not seen: libraries keep
 * jobs and calls in lists of their own.
 *
 * <p>By the code each stands in a method that a library calls back, and only such methods end its wait; or earlier waits at the place were all ended by
 * threads of the pool. No other thread has come to run such a method since, and the pool has as many threads as it may.
 */
record OwnResultsRule(Duration minAge, int minHistory) implements Rule<PoolWindow> {
    static final OwnResultsRule DEFAULT = new OwnResultsRule(CodeOwners.MIN_AGE, 10);

    @Override
    public Kind kind() {
        return Kind.POOL_STARVATION;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        if (!trouble.ofThreads() || pool.size() == 0) {
            return Verdict.CLEAR;
        }
        List<WaitForGraph.Edge> waiting = waiting(trouble);
        Optional<OwnResults> found = waiting.isEmpty()
                ? Optional.empty()
                : byCode(trouble, waiting).or(() -> OwnResults.byHistory(trouble, waiting, minHistory));
        return found.<Verdict>map(own -> new Verdict.Found(finding(own))).orElse(Verdict.CLEAR);
    }

    private List<WaitForGraph.Edge> waiting(PoolTrouble trouble) {
        Situation all = trouble.all;
        WaitForGraph graph = all.session().graph(all.range().to());
        return trouble.workers().stream()
                .flatMap(worker -> graph.of(worker.thread().id()).stream())
                .filter(edge -> !edge.idle()
                        && HeldTasks.RESULTS.contains(edge.kind())
                        && edge.soFar().compareTo(minAge) >= 0)
                .toList();
    }

    private static Optional<OwnResults> byCode(PoolTrouble trouble, List<WaitForGraph.Edge> waiting) {
        return OwnResults.byCode(trouble, waiting)
                .filter(own -> (own.takesWholePool() || own.takesAllCalls()) && own.nobodyElseRunsOne());
    }

    private Finding finding(OwnResults own) {
        PoolWindow pool = own.trouble().pool;
        int threads = own.waiting().size();
        WaitForGraph.Edge first = own.waiting().get(0);
        Stack stack = DeadlockRule.stackOf(first, own.trouble().all);
        List<Place> where = stack.own().map(frame -> new Place("task", frame, stack)).stream()
                .toList();
        String at = where.isEmpty() ? "" : " at " + Words.place(where.get(0).frame());
        Text text = new Text(
                "%s of %s wait%s for a result that only %s gives, and no thread is left to run one (%s so far)%s."
                        .formatted(
                                OwnResults.threads(threads, pool.size()),
                                pool.name(),
                                threads == 1 ? "s" : "",
                                own.giver(),
                                Words.time(own.age()),
                                at),
                own.why(),
                Words.count(threads, "thread") + " will never go on unless a time-out ends "
                        + (threads == 1 ? "its wait" : "their waits")
                        + ", and whatever needs one of them stands behind.",
                own.change(at),
                "What gives the result then always finds a thread.",
                own.certainty(),
                "All threads that may run it in such waits for at least " + Words.time(minAge) + "; here "
                        + Words.time(own.age()) + ".");
        return new Finding.PoolStarvation(own.trouble().details(text, new Impact(threads, threads), where), pool);
    }
}
