// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import io.lockjam.window.WaitForGraph;
import java.util.Set;

/** Tells whether a scheduler or timer of the program has a task, now or for later. */
final class TimedTasks {
    private static final String TIMER = "java.util.TaskQueue";
    private static final String SCHEDULER = "DelayedWorkQueue";

    private TimedTasks() {}

    /**
     * Also where it is not known: a timer shows as a pool only once a task of it has been seen, so a thread of one that may wait for a time stands for a
     * task.
     */
    static boolean exist(WaitForGraph graph, Situation all) {
        long known = all.pools().stream()
                .filter(pool -> pool.type().equals("scheduled"))
                .mapToLong(PoolWindow::size)
                .sum();
        Set<Long> forGood = StuckForGood.untimed(graph, all).keySet();
        long waiting = graph.edges().stream()
                .filter(edge -> edge.lock().className().contains(SCHEDULER)
                        && !forGood.contains(edge.waiter().id()))
                .count();
        boolean timers = graph.edges().stream()
                .anyMatch(edge -> edge.lock().className().equals(TIMER)
                        && !forGood.contains(edge.waiter().id()));
        return timers || waiting > known || all.pools().stream().anyMatch(TimedTasks::hasSome);
    }

    private static boolean hasSome(PoolWindow pool) {
        return pool.type().equals("scheduled") && (pool.queueDepth() > 0 || pool.busyMax() > 0);
    }
}
