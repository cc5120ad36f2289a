// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Range;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds threads that wait for each other for ever: a cycle of the wait-for graph that stands still.
 *
 * <p>Each snapshot is taken while threads run, so one cycle may be put together from moments that never were. A cycle counts once every
 * thread in it is in the same wait (same wait id) in two snapshots at least a second apart, or if the JVM stopped all threads for a
 * dump, and none of them waits with a time limit: that one will give up. Monitors, java.util.concurrent locks, joins, tasks, class initialisation and virtual threads are all edges alike.
 * Who is to end a wait that nobody owns is concluded from the code ({@link CodeOwners}), and such a cycle has to stand longer.
 */
record DeadlockRule(Duration minAge) implements Rule<Situation> {
    static final DeadlockRule DEFAULT = new DeadlockRule(WaitForGraph.DEADLOCK_AGE);
    /** Snapshots come each 1 to 10 s; two of them must be in sight even if the range is shorter. */
    private static final Duration LOOK_BACK = Duration.ofSeconds(25);
    /** The agent tells the stack of a wait that goes on once a minute. */
    private static final Duration STACKS_BACK = Duration.ofMinutes(5);

    @Override
    public Kind kind() {
        return Kind.DEADLOCK;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        return Verdict.of(findAll(all));
    }

    /** There may be several independent ones. */
    private List<Finding> findAll(Situation all) {
        List<WaitForGraph> graphs = all.session()
                .graphs(new Range(
                        all.range().to().minus(LOOK_BACK), all.range().to().plusNanos(1)));
        if (graphs.isEmpty()) {
            return List.of();
        }
        WaitForGraph last = graphs.get(graphs.size() - 1);
        CodeOwners code = CodeOwners.of(last, all);
        List<Finding> found = new ArrayList<>();
        for (List<WaitForGraph.Edge> cycle : code.graph().cycles()) {
            Set<Long> concluded = code.concluded(cycle);
            boolean stable = last.atOneMoment()
                    || graphs.stream()
                            .filter(graph ->
                                    Duration.between(graph.at(), last.at()).compareTo(minAge) >= 0)
                            .anyMatch(graph -> cycle.stream().allMatch(edge -> sameWait(graph, edge, concluded)));
            boolean real = cycle.size() > 1 || waitsForItself(cycle.get(0)) || !concluded.isEmpty();
            boolean proven = concluded.isEmpty() || code.holds(cycle);
            boolean meant = keepsProgramAlive(cycle, code.graph(), all);
            if (stable && real && proven && !meant && cycle.stream().noneMatch(edge -> limited(edge, last, all))) {
                found.add(finding(cycle, concluded, code.graph(), all));
            }
        }
        return found;
    }

    /** Of the waits that are not granted to who holds already; any other loop of one is two moments put together. */
    private static boolean waitsForItself(WaitForGraph.Edge edge) {
        return edge.kind() == WaitKind.WRITE || edge.kind() == WaitKind.JOIN || edge.kind() == WaitKind.FUTURE;
    }

    /** As the main thread may do that waits for its own end; unless somebody waits for it. */
    private static boolean keepsProgramAlive(List<WaitForGraph.Edge> cycle, WaitForGraph graph, Situation all) {
        WaitForGraph.Edge edge = cycle.get(0);
        return cycle.size() == 1
                && edge.kind() == WaitKind.JOIN
                && StuckForGood.isMain(stackOf(edge, all))
                && behind(graph, cycle).isEmpty();
    }

    /** Whether a stack that was taken during this wait says that it has a time limit. */
    private static boolean limited(WaitForGraph.Edge edge, WaitForGraph graph, Situation all) {
        Instant began = graph.at().minus(edge.soFar());
        return taken(edge, all).stream()
                .anyMatch(seen -> !seen.at().isBefore(began) && seen.state().equals("TIMED_WAITING"));
    }

    private static boolean sameWait(WaitForGraph before, WaitForGraph.Edge edge, Set<Long> concluded) {
        Optional<WaitForGraph.Edge> then = before.of(edge.waiter().id());
        ThreadRef owner = edge.owner();
        ThreadRef ownerThen = concluded.contains(edge.waiter().id())
                ? owner
                : then.map(WaitForGraph.Edge::owner).orElse(null);
        return then.isPresent()
                && then.get().waitId() == edge.waitId()
                && owner != null
                && ownerThen != null
                && owner.id() == ownerThen.id();
    }

    private Finding finding(List<WaitForGraph.Edge> cycle, Set<Long> concluded, WaitForGraph graph, Situation all) {
        Duration age = cycle.stream()
                .map(WaitForGraph.Edge::soFar)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
        List<Stack> stacks = cycle.stream().map(edge -> stackOf(edge, all)).toList();
        List<Place> where = new ArrayList<>();
        for (Stack stack : stacks) {
            stack.site().ifPresent(frame -> where.add(new Place("waiter", frame, stack)));
        }
        long others = behind(graph, cycle).stream()
                .mapToLong(WaitForGraph.Edge::weight)
                .sum();
        Text text = text(cycle, new DeadlockText(cycle, stacks, concluded), age, others, graph.atOneMoment());
        WaitForGraph.Edge first =
                cycle.stream().filter(edge -> edge.kind().isLock()).findFirst().orElse(cycle.get(0));
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
                new Details(place, all.range(), subject, text, impact, where, names(cycle), evidence, List.of()),
                cycle);
    }

    private static List<String> names(List<WaitForGraph.Edge> cycle) {
        return cycle.stream().map(edge -> edge.waiter().label()).toList();
    }

    private static String who(List<String> names) {
        boolean alike = names.size() > 1 && names.stream().distinct().count() == 1;
        return alike ? Words.count(names.size(), "thread") + " named " + names.get(0) : Words.list(names);
    }

    /** @param others threads that wait behind the cycle */
    private Text text(
            List<WaitForGraph.Edge> cycle, DeadlockText words, Duration age, long others, boolean atOneMoment) {
        String kinds = cycle.stream().map(edge -> edge.kind().id()).distinct().collect(Collectors.joining(", "));
        boolean alone = cycle.size() == 1;
        return new Text(
                who(names(cycle)) + (alone ? " waits for itself" : " wait for each other") + " for ever"
                        + (age.isZero() ? "." : " (" + Words.time(age) + " so far)."),
                words.steps(),
                Words.count(cycle.size(), "thread")
                        + (alone ? " is lost" : " are lost")
                        + (others == 0
                                ? "."
                                : ", and " + Words.count(others, "thread") + " behind " + (alone ? "it." : "them.")),
                words.change(),
                words.expect(),
                words.certainty(atOneMoment),
                "A cycle that stands still for at least " + Words.time(minAge) + ", or is in a thread dump; here "
                        + Words.time(age) + " (" + kinds + ").");
    }

    /** Waits outside the cycle whose chain leads into it. */
    static List<WaitForGraph.Edge> behind(WaitForGraph graph, List<WaitForGraph.Edge> cycle) {
        Set<Long> in = cycle.stream().map(edge -> edge.waiter().id()).collect(Collectors.toSet());
        return graph.edges().stream()
                .filter(edge -> !in.contains(edge.waiter().id()) && !edge.idle())
                .filter(edge -> graph.chain(edge.waiter()).stream()
                        .anyMatch(step -> in.contains(step.waiter().id())))
                .toList();
    }

    /** The last stack that was taken of the waiter, if possible one with lines: a method redefined since has lost them. */
    static Stack stackOf(WaitForGraph.Edge edge, Situation all) {
        List<Stack> taken = taken(edge, all).stream().map(Fact.StackSeen::stack).toList();
        if (taken.isEmpty()) {
            return all.threads().stream()
                    .filter(thread -> thread.thread().id() == edge.waiter().id())
                    .map(ThreadWindow::stack)
                    .findFirst()
                    .orElseGet(() -> ofAnother(edge, all));
        }
        Stack last = taken.get(taken.size() - 1);
        return taken.stream()
                .filter(stack -> hasLine(stack) && sameMethods(stack, last))
                .reduce((one, other) -> other)
                .orElse(last);
    }

    /** An edge stands for many virtual threads, and may name another of them each time: the stack of one is that of all. */
    private static Stack ofAnother(WaitForGraph.Edge edge, Situation all) {
        return recent(all).stream()
                .filter(seen -> edge.waiter().virtual()
                        && seen.thread().virtual()
                        && edge.lock().equals(seen.lock())
                        && !seen.stack().isEmpty())
                .reduce((one, other) -> other)
                .map(Fact.StackSeen::stack)
                .orElse(Stack.EMPTY);
    }

    private static List<Fact.StackSeen> recent(Situation all) {
        return all.session()
                .stacks(new Range(
                        all.range().to().minus(STACKS_BACK), all.range().to().plusNanos(1)));
    }

    private static List<Fact.StackSeen> taken(WaitForGraph.Edge edge, Situation all) {
        return recent(all).stream()
                .filter(seen -> seen.thread().id() == edge.waiter().id()
                        && !seen.stack().isEmpty())
                .toList();
    }

    private static boolean hasLine(Stack stack) {
        return stack.site().filter(frame -> frame.line() > 0).isPresent();
    }

    private static boolean sameMethods(Stack one, Stack other) {
        return methods(one).equals(methods(other));
    }

    private static List<String> methods(Stack stack) {
        return stack.frames().stream()
                .map(frame -> frame.className() + "." + frame.method())
                .toList();
    }
}
