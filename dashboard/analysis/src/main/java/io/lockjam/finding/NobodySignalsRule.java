// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds threads in {@code Object.wait} or {@code Condition.await} that no code wakes, though a method changes what the loop around the wait looks at.
 *
 * <p>The signal was forgotten, so the change is not seen. It takes a wait without a limit: one with a limit looks again by itself.
 */
record NobodySignalsRule(Duration minAge) implements Rule<Situation> {
    static final NobodySignalsRule DEFAULT = new NobodySignalsRule(CodeOwners.MIN_AGE);

    @Override
    public Kind kind() {
        return Kind.LOST_WAKEUP;
    }

    private record Vain(WaitForGraph.Edge edge, Stack stack, Unsignalled change) {}

    @Override
    public Verdict check(Situation part, Situation all) {
        Map<Unsignalled, List<Vain>> byChange = new LinkedHashMap<>();
        WaitForGraph graph = all.session().graph(all.range().to());
        Map<Long, Stack> stacks = StuckForGood.untimed(graph, all);
        for (WaitForGraph.Edge edge : graph.edges()) {
            Stack stack = stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
            boolean signal = edge.kind() == WaitKind.OBJECT_WAIT || edge.kind() == WaitKind.CONDITION;
            if (signal && edge.owner() == null && edge.soFar().compareTo(minAge) >= 0) {
                vain(edge, stack, all)
                        .ifPresent(vain -> byChange.computeIfAbsent(vain.change(), change -> new ArrayList<>())
                                .add(vain));
            }
        }
        return Verdict.of(
                byChange.values().stream().map(vain -> finding(vain, all)).toList());
    }

    private static Optional<Vain> vain(WaitForGraph.Edge edge, Stack stack, Situation all) {
        return stack.isEmpty()
                ? Optional.empty()
                : all.session()
                        .code()
                        .unsignalled(stack, edge.kind(), edge.lockName(), edge.lock())
                        .map(change -> new Vain(edge, stack, change));
    }

    private Finding finding(List<Vain> vain, Situation all) {
        WaitForGraph.Edge edge = vain.get(0).edge();
        Unsignalled change = vain.get(0).change();
        Frame waits = vain.get(0).stack().site().orElseThrow();
        List<String> names =
                vain.stream().map(each -> each.edge().waiter().label()).toList();
        int threads = threads(vain);
        List<Place> where = new ArrayList<>();
        where.add(new Place("waiter", waits, vain.get(0).stack()));
        where.add(new Place("changer", change.changed(), Stack.EMPTY));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("age", edge.soFar().toNanos());
        evidence.put("looksAt", change.looksAt());
        return new Finding.LostWakeup(
                new Details(
                        "no signal|" + edge.lockName() + "|" + change.looksAt(),
                        all.range(),
                        new Subject(
                                edge.kind() == WaitKind.OBJECT_WAIT ? "monitor" : "lock",
                                edge.lock().className(),
                                edge.lockName(),
                                edge.lock().identity(),
                                edge.lockId()),
                        text(vain, waits),
                        new Impact(threads, threads),
                        where,
                        names,
                        evidence,
                        List.of()),
                edge);
    }

    private static int threads(List<Vain> vain) {
        return StandingWaits.threads(vain.stream().map(Vain::edge).toList());
    }

    private Text text(List<Vain> vain, Frame waits) {
        WaitForGraph.Edge edge = vain.get(0).edge();
        Unsignalled change = vain.get(0).change();
        int threads = threads(vain);
        boolean one = threads == 1;
        String name = Words.simple(edge.lockName());
        String call = edge.kind() == WaitKind.CONDITION ? "signalAll" : "notifyAll";
        String field = Words.simple(change.looksAt());
        return new Text(
                "%s %s for a signal on %s that no code gives (%s so far) at %s."
                        .formatted(
                                StandingWaits.names(
                                        vain.stream().map(Vain::edge).toList()),
                                one ? "waits" : "wait",
                                name,
                                Words.time(edge.soFar()),
                                Words.place(waits)),
                "The loop around the wait looks at %s. %s changes that and wakes nobody, and no other class of the application has a call that wakes who waits for %s."
                        .formatted(field, Words.place(change.changed()), name),
                Words.count(threads, "thread") + (one ? " does" : " do")
                        + " not go on when what is waited for has come; only an interruption ends the wait.",
                "Call %s on %s after the change at %s, under the same lock."
                        .formatted(call, name.replace(" (this)", ""), Words.place(change.changed())),
                "The waiter looks again after each change.",
                "Concluded from the code of the classes that lie beside " + Words.simple(waits.className()) + ".",
                "A wait without limit of at least " + Words.time(minAge) + "; here " + Words.time(edge.soFar()) + ".");
    }
}
