// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds queues from which nothing is taken while producers wait for room, or for somebody to take what they hand over: their waits have not
 * ended, so that no sum has them.
 *
 * <p>Two and more producers: one alone may fetch ahead for somebody who takes when he likes.
 */
record QueueStandsRule(Duration minAge, int minProducers) implements Rule<Situation> {
    /** A queue that drains in bursts lets its producers go on within seconds. */
    static final QueueStandsRule DEFAULT = new QueueStandsRule(Duration.ofSeconds(5), 2);

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        WaitForGraph graph = all.session().graph(all.range().to());
        Map<Object, List<WaitForGraph.Edge>> byQueue = graph.edges().stream()
                .filter(edge -> edge.soFar().compareTo(minAge) >= 0 && edge.owner() == null)
                .filter(edge -> edge.kind() == WaitKind.QUEUE_PUT || edge.kind() == WaitKind.CONDITION)
                .map(edge -> InnerWaits.told(
                        edge, DeadlockRule.stackOf(edge, all), all.session().code()))
                .filter(edge -> edge.kind() == WaitKind.QUEUE_PUT)
                .sorted(Comparator.comparing(WaitForGraph.Edge::soFar))
                .collect(Collectors.groupingBy(WaitForGraph.Edge::lock, LinkedHashMap::new, Collectors.toList()));
        List<List<WaitForGraph.Edge>> standing = byQueue.values().stream()
                .filter(waiting ->
                        StandingWaits.threads(waiting) >= minProducers && InnerWaits.noneEnded(waiting.get(0), all))
                .toList();
        return Verdict.of(standing.stream()
                .map(waiting -> finding(waiting, elsewhere(waiting, standing), all))
                .toList());
    }

    /** Who waits for room in other queues: what these take from the code may know by another name, as an argument. */
    private static List<WaitForGraph.Edge> elsewhere(
            List<WaitForGraph.Edge> waiting, List<List<WaitForGraph.Edge>> standing) {
        return standing.stream()
                .filter(each -> !each.equals(waiting))
                .findFirst()
                .orElse(List.of());
    }

    /** @param elsewhere who waits for room in another queue; empty if nobody does */
    private Finding finding(List<WaitForGraph.Edge> waiting, List<WaitForGraph.Edge> elsewhere, Situation all) {
        WaitForGraph.Edge edge = waiting.get(0);
        Stack stack = DeadlockRule.stackOf(edge, all);
        Frame site = stack.site().orElse(null);
        String name = shortName(edge);
        int threads = StandingWaits.threads(waiting);
        boolean handOff = stack.frames().stream()
                .takeWhile(Frame::isJdk)
                .anyMatch(frame -> frame.className().equals("java.util.concurrent.SynchronousQueue")
                        || frame.method().equals("transfer"));
        Optional<ThreadWindow> taker = taker(edge, all);
        NoTaker nobody = new NoTaker(name, site, feeding(waiting, all), elsewhere);
        Text text = new Text(
                "%d threads wait %s %s, and nothing is taken (%s so far)."
                        .formatted(
                                threads,
                                handOff ? "for somebody to take what they hand over at" : "for room in",
                                name,
                                Words.time(edge.soFar())),
                "They stand at " + Words.place(site) + ". "
                        + taker.map(thread -> "By its code " + thread.thread().label()
                                        + " takes from it, and stands at "
                                        + Words.place(thread.stack().site().orElse(null)) + ".")
                                .orElseGet(nobody::why),
                threads + " threads stand still; no wait has ended meanwhile.",
                taker.isPresent()
                        ? "Make what is done between two takes shorter, or let more threads take; where work may be lost, use offer with a"
                                + " time limit at " + Words.place(site) + "."
                        : nobody.change(),
                "The producers go on as soon as somebody takes.",
                "From snapshots of all threads and their stacks.",
                "At least %d producers, for at least %s; here %d and %s."
                        .formatted(minProducers, Words.time(minAge), threads, Words.time(edge.soFar())));
        List<Place> where = new ArrayList<>();
        stack.site().ifPresent(frame -> where.add(new Place("producer", frame, stack)));
        taker.flatMap(thread -> thread.stack().site().map(frame -> new Place("consumer", frame, thread.stack())))
                .ifPresent(where::add);
        return new Finding.QueueStands(new StandingWaits(edge, waiting).details("stands", text, where, all), edge);
    }

    /** Of the threads that wait for room those that by their code take from a queue; its name there may be another. */
    private static List<ThreadRef> feeding(List<WaitForGraph.Edge> waiting, Situation all) {
        return waiting.stream()
                .filter(edge -> all.session().code().owes(DeadlockRule.stackOf(edge, all)).stream()
                        .anyMatch(owed -> owed.kind() == WaitKind.QUEUE_PUT))
                .map(WaitForGraph.Edge::waiter)
                .toList();
    }

    /** Without the place that stands for a queue of no name: it follows anyway. */
    static String shortName(WaitForGraph.Edge edge) {
        String name = Words.simple(edge.lockName());
        int at = name.indexOf(" at ");
        return at < 0 ? name : name.substring(0, at);
    }

    private static Optional<ThreadWindow> taker(WaitForGraph.Edge edge, Situation all) {
        return all.threads().stream()
                .filter(thread -> thread.ended() == null
                        && all.session().code().owes(thread.stack()).stream()
                                .anyMatch(owed -> owed.kind() == WaitKind.QUEUE_PUT
                                        && owed.name().equals(edge.lockName())))
                .findFirst();
    }
}
