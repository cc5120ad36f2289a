// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.WaitForGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells of a pool whose threads all take from one queue into which nobody puts anything, while tasks that might are queued behind them. */
final class TakersFillPool {
    private TakersFillPool() {}

    /** @param here all that wait for the queue, in vain by the code; empty if they do not fill a pool that has tasks queued */
    static Optional<Finding> of(WaitForGraph.Edge edge, List<WaitForGraph.Edge> here, Stack stack, Situation all) {
        Set<Long> waiters = here.stream().map(each -> each.waiter().id()).collect(Collectors.toSet());
        return all.pools().stream()
                .filter(pool -> pool.queueDepth() > 0)
                .map(pool -> new PoolTrouble(pool, all))
                .filter(trouble -> TasksEnded.isTakenBy(waiters, trouble))
                .findFirst()
                .map(trouble -> finding(trouble, edge, stack));
    }

    private static Finding finding(PoolTrouble trouble, WaitForGraph.Edge edge, Stack stack) {
        PoolWindow pool = trouble.pool;
        Frame site = stack.site().orElseThrow();
        boolean one = pool.size() == 1;
        String threads =
                one ? "The only thread" : pool.size() == 2 ? "Both threads" : "All " + pool.size() + " threads";
        String name = Words.simple(edge.lockName());
        String queued = Words.count(pool.queueDepth(), "task");
        Text text = new Text(
                "%s of %s wait%s for an element of %s, while %s %s queued behind %s that may have to put it there (%s so far) at %s."
                        .formatted(
                                threads,
                                pool.name(),
                                one ? "s" : "",
                                name,
                                queued,
                                pool.queueDepth() == 1 ? "is" : "are",
                                one ? "it" : "them",
                                Words.time(edge.soFar()),
                                Words.place(site)),
                "By the code no thread that lives is on its way to put something into " + name
                        + ", nor was one since the wait was first seen; a task that does finds no thread, as each runs one that takes.",
                Words.count(pool.size(), "thread") + " and " + queued + " will never go on.",
                "Give what puts into " + name + " a thread outside " + pool.name() + ", or give " + pool.name()
                        + " more threads than tasks that take (here " + pool.size() + ") at " + Words.place(site) + ".",
                "Whoever puts always finds a thread, so that those that take get on.",
                "Concluded from the snapshots and the code of the file that has the queue; what the queued tasks do is not known.",
                "A wait without limit of at least " + Words.time(CodeOwners.MIN_AGE)
                        + " of all threads of the pool; here " + Words.time(edge.soFar()) + ".");
        List<Place> where = new ArrayList<>(List.of(new Place("task", site, stack)));
        Impact impact = new Impact(pool.size() + (double) pool.queueDepth(), pool.size());
        return new Finding.PoolStarvation(trouble.details(text, impact, where), pool);
    }
}
