// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Range;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds threads that wait for each other for ever: a cycle of the wait-for graph that stands still.
 *
 * <p>Each snapshot is taken while threads run, so one cycle may be put together from moments that never were. A cycle counts once every
 * thread in it is in the same wait (same wait id) in two snapshots at least a second apart. Monitors, java.util.concurrent locks, class
 * initialisation and virtual threads are all edges alike.
 */
record DeadlockRule(Duration minAge) implements Rule<Situation> {
    static final DeadlockRule DEFAULT = new DeadlockRule(Duration.ofSeconds(1));
    /** Snapshots come each 1 to 10 s; two of them must be in sight even if the range is shorter. */
    private static final Duration LOOK_BACK = Duration.ofSeconds(25);

    @Override
    public Kind kind() {
        return Kind.DEADLOCK;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<Finding> found = findAll(all);
        return found.isEmpty() ? Verdict.CLEAR : new Verdict.Found(found.get(0));
    }

    /** There may be several independent ones. */
    List<Finding> findAll(Situation all) {
        List<WaitForGraph> graphs = all.session()
                .graphs(new Range(
                        all.range().to().minus(LOOK_BACK), all.range().to().plusNanos(1)));
        if (graphs.size() < 2) {
            return List.of();
        }
        WaitForGraph last = graphs.get(graphs.size() - 1);
        List<Finding> found = new ArrayList<>();
        for (List<WaitForGraph.Edge> cycle : last.cycles()) {
            boolean stable = graphs.stream()
                    .filter(graph -> Duration.between(graph.at(), last.at()).compareTo(minAge) >= 0)
                    .anyMatch(graph -> cycle.stream().allMatch(edge -> sameWait(graph, edge)));
            if (stable && cycle.size() > 1) {
                found.add(finding(cycle, last, all));
            }
        }
        return found;
    }

    private static boolean sameWait(WaitForGraph before, WaitForGraph.Edge edge) {
        Optional<WaitForGraph.Edge> then = before.of(edge.waiter().id());
        ThreadRef owner = edge.owner();
        ThreadRef ownerThen = then.map(WaitForGraph.Edge::owner).orElse(null);
        return then.isPresent()
                && then.get().waitId() == edge.waitId()
                && owner != null
                && ownerThen != null
                && owner.id() == ownerThen.id();
    }

    private Finding finding(List<WaitForGraph.Edge> cycle, WaitForGraph graph, Situation all) {
        Duration age = cycle.stream()
                .map(WaitForGraph.Edge::soFar)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
        List<String> names = cycle.stream().map(edge -> edge.waiter().label()).toList();
        String kinds = cycle.stream().map(edge -> edge.kind().id()).distinct().collect(Collectors.joining(", "));
        String what = "%s wait for each other for ever (%s so far).".formatted(Words.list(names), Words.time(age));
        List<String> steps = new ArrayList<>();
        List<Place> where = new ArrayList<>();
        for (WaitForGraph.Edge edge : cycle) {
            Stack stack = stackOf(edge, all);
            Optional<Frame> site = stack.site();
            site.ifPresent(frame -> where.add(new Place("waiter", frame, stack)));
            ThreadRef owner = edge.owner();
            steps.add(edge.waiter().label() + " wants " + Words.simple(edge.lockName()) + ", held by "
                    + (owner == null ? "nobody known" : owner.label())
                    + site.map(frame -> ", at " + Words.place(frame)).orElse(""));
        }
        long others = behind(graph, cycle);
        String cost = cycle.size() + " threads are lost"
                + (others == 0 ? "." : ", and " + Words.count(others, "thread") + " behind them.");
        boolean initialising = cycle.stream().anyMatch(edge -> edge.kind() == WaitKind.CLASS_INIT);
        String change = initialising
                ? "Break the cycle of static initialisers: move what one class needs of the other out of its static block."
                : "Take these locks in one order everywhere"
                        + (where.isEmpty()
                                ? ""
                                : ", beginning at " + Words.place(where.get(0).frame()))
                        + ", or ask for the second with tryLock and give back the first.";
        Text text = new Text(
                what,
                String.join("; ", steps) + ".",
                cost,
                change,
                "With one order no cycle can form.",
                "Exact: every thread of the cycle is in the same wait in two snapshots.",
                "A cycle that stands still for at least " + Words.time(minAge) + "; here " + Words.time(age) + " ("
                        + kinds + ").");
        WaitForGraph.Edge first = cycle.get(0);
        Subject subject = new Subject(
                first.kind() == WaitKind.MONITOR ? "monitor" : "lock",
                first.lock().className(),
                first.lockName(),
                first.lock().identity(),
                first.lockId());
        String place = cycle.stream()
                .map(edge -> edge.lockName() + "/" + edge.waiter().group())
                .sorted()
                .distinct()
                .collect(Collectors.joining("|"));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("age", age.toNanos());
        evidence.put("locks", cycle.stream().map(WaitForGraph.Edge::lockName).toList());
        evidence.put("kinds", cycle.stream().map(edge -> edge.kind().id()).toList());
        evidence.put("threadsBehind", others);
        Impact impact = new Impact(cycle.size() + others, (int) (cycle.size() + others));
        return new Finding.Deadlock(
                new Details(place, all.range(), subject, text, impact, where, names, evidence, List.of()), cycle);
    }

    /** Threads outside the cycle whose chain leads into it. */
    private static long behind(WaitForGraph graph, List<WaitForGraph.Edge> cycle) {
        List<Long> in = cycle.stream().map(edge -> edge.waiter().id()).toList();
        long behind = 0;
        for (WaitForGraph.Edge edge : graph.edges()) {
            if (!in.contains(edge.waiter().id()) && !edge.idle()) {
                boolean leads = graph.chain(edge.waiter()).stream()
                        .anyMatch(step -> in.contains(step.waiter().id()));
                behind += leads ? edge.weight() : 0;
            }
        }
        return behind;
    }

    static Stack stackOf(WaitForGraph.Edge edge, Situation all) {
        return all
                .session()
                .stacks(new Range(
                        all.range().to().minusSeconds(120), all.range().to().plusNanos(1)))
                .stream()
                .filter(seen -> seen.thread().id() == edge.waiter().id())
                .reduce((one, other) -> other)
                .map(seen -> seen.stack())
                .orElseGet(() -> all.threads().stream()
                        .filter(thread -> thread.thread().id() == edge.waiter().id())
                        .map(ThreadWindow::stack)
                        .findFirst()
                        .orElse(Stack.EMPTY));
    }
}
