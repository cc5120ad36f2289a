// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.WaitForGraph;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Threads that wait for the end of others, by the JVM or by the code: for what these hold, for the results of the tasks they run, or for the end of
 * their pool. They do nothing before these go on.
 *
 * @param stacks of waits without a limit, by thread id
 */
record EndWaiters(WaitForGraph graph, Map<Long, Stack> stacks, Situation all) {
    /** @param threads by id; none of these is among the result */
    Set<ThreadRef> of(Set<Long> threads) {
        List<Stack> tasks =
                threads.stream().map(stacks::get).filter(stack -> stack != null).toList();
        Set<ThreadRef> found = new LinkedHashSet<>();
        for (WaitForGraph.Edge edge : graph.edges()) {
            if (!threads.contains(edge.waiter().id()) && !edge.idle() && awaits(edge, threads, tasks)) {
                found.add(edge.waiter());
            }
        }
        return found;
    }

    private boolean awaits(WaitForGraph.Edge edge, Set<Long> threads, List<Stack> tasks) {
        Stack untimed = stacks.get(edge.waiter().id());
        ThreadRef owner = edge.owner();
        if (untimed != null && owner != null) {
            return threads.contains(owner.id());
        }
        Stack stack = untimed != null ? untimed : DeadlockRule.stackOf(edge, all);
        return tasks.stream()
                .anyMatch(task -> (untimed != null && all.session().code().runsTaskOf(task, stack))
                        || all.session().code().awaitsEndOf(stack, task, true));
    }
}
