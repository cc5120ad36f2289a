// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.WaitKind;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The waits of a pool of which each thread stands inside a task: for a result or, as long, for a lock that leads to a thread which waits for one.
 *
 * @param forResults at least one
 * @param behind the others
 */
record HeldTasks(List<WaitForGraph.Edge> forResults, List<WaitForGraph.Edge> behind) {
    static final Set<WaitKind> RESULTS = EnumSet.of(
            WaitKind.FUTURE,
            WaitKind.LATCH,
            WaitKind.BARRIER,
            WaitKind.PHASER,
            WaitKind.JOIN,
            WaitKind.PARK); // libraries have futures of their own

    /** Empty if a thread is at work, idle or in another wait, or in one shorter than {@code minAge}. */
    static Optional<HeldTasks> of(PoolTrouble trouble, Duration minAge) {
        Situation all = trouble.all;
        WaitForGraph graph = all.session().graph(all.range().to());
        List<ThreadWindow> workers = trouble.workers();
        List<WaitForGraph.Edge> waiting = workers.stream()
                .flatMap(worker -> graph.of(worker.thread().id()).stream())
                .filter(edge -> !edge.idle() && edge.soFar().compareTo(minAge) >= 0)
                .map(edge -> InnerWaits.told(
                        edge, DeadlockRule.stackOf(edge, all), all.session().code()))
                .toList();
        List<WaitForGraph.Edge> forResults = new ArrayList<>(waiting);
        forResults.removeIf(edge -> !RESULTS.contains(edge.kind()));
        Set<Long> first = forResults.stream().map(edge -> edge.waiter().id()).collect(Collectors.toSet());
        List<WaitForGraph.Edge> behind = waiting.stream()
                .filter(edge -> edge.kind().isLock()
                        && graph.chain(edge.waiter()).stream()
                                .anyMatch(step -> first.contains(step.waiter().id())))
                .toList();
        boolean everyOne = forResults.size() + behind.size() == workers.size(); // those of a namesake, too
        return forResults.isEmpty() || !everyOne ? Optional.empty() : Optional.of(new HeldTasks(forResults, behind));
    }

    Set<Long> threads() {
        return Stream.concat(forResults.stream(), behind.stream())
                .map(edge -> edge.waiter().id())
                .collect(Collectors.toSet());
    }

    int size() {
        return forResults.size() + behind.size();
    }

    /** The shortest wait. */
    Duration age() {
        return Stream.concat(forResults.stream(), behind.stream())
                .map(WaitForGraph.Edge::soFar)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** What each task does: {@code Each runs a task that waits for a result (future)}. */
    String does() {
        WaitKind first = forResults.get(0).kind();
        String kind = first == WaitKind.PARK ? "of a library" : "(" + first.id() + ")";
        if (behind.isEmpty()) {
            return (size() == 1 ? "It" : "Each") + " runs a task that waits for a result " + kind;
        }
        String lock = Words.simple(behind.get(0).lockName());
        boolean one = forResults.size() == 1;
        return "%s runs a task that waits for a result %s%s, and %s for %s"
                .formatted(
                        one ? forResults.get(0).waiter().label() : "Each of " + forResults.size(),
                        kind,
                        one ? " and keeps a lock" : " and one of them keeps a lock",
                        behind.size() == 1 ? "another waits" : behind.size() + " others wait",
                        lock);
    }
}
