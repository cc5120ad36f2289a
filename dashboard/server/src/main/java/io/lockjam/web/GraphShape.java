// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The wait-for graph as the pages draw it: cycles, then trees with their root cause first, edges grouped by lock. */
final class GraphShape {
    /** Waits of many threads for a busy lock leave moments between them: without this the picture would blink. */
    static final int LATELY_SECONDS = 10;

    private static final String GAVE_BACK = "gave it back a moment later";

    /** A lock that is waited for so long was not given back by who waits for work. */
    private static final Duration LEFT = Duration.ofSeconds(1);

    private static final int MOST_TREES = 20;
    private static final int MOST_KNOTS = 40;
    private static final int MOST_WAITERS = 60;

    private GraphShape() {}

    static ObjectNode answer(Context context, Query query) {
        Instant at = Query.instant("at", context.queryParam("at"));
        return of(query.readings(), at == null ? query.range().to() : at);
    }

    /** At an instant; if nobody is held up at that very moment, the last time of the ten seconds before that somebody was. */
    static ObjectNode lately(Readings readings, Instant at) {
        ObjectNode now = of(readings, at);
        ObjectNode then = now;
        for (int back = 1; back < LATELY_SECONDS && isQuiet(then); back++) {
            then = of(readings, at.minusSeconds(back));
        }
        return isQuiet(then) ? now : then;
    }

    static boolean isQuiet(ObjectNode graph) {
        return graph.path("cycles").isEmpty() && graph.path("trees").isEmpty();
    }

    static ObjectNode of(Readings readings, Instant at) {
        WaitForGraph graph = readings.graph(at);
        ObjectNode node = Shapes.object()
                .put("at", graph.at().toEpochMilli())
                .put("known", graph.snapshot() != 0)
                .put("blocked", graph.blocked())
                .put("blockedVirtual", blockedVirtual(graph));
        node.set("cycles", Shapes.array(graph.deadlocks(), cycle -> Shapes.array(cycle, GraphShape::edge)));
        node.set(
                "trees",
                Shapes.array(
                        graph.trees().stream().limit(MOST_TREES).toList(), tree -> tree(tree, readings, graph.at())));
        return node;
    }

    /** They have no lanes, so that no letter tells of them. */
    private static int blockedVirtual(WaitForGraph graph) {
        return graph.edges().stream()
                .filter(edge -> edge.waiter().virtual() && !edge.idle())
                .mapToInt(WaitForGraph.Edge::weight)
                .sum();
    }

    private static ObjectNode tree(WaitForGraph.Tree tree, Readings readings, Instant at) {
        ObjectNode node = Shapes.object().put("blocked", tree.blocked());
        node.set("root", Shapes.thread(tree.root()));
        Holder doing = tree.knots().stream()
                .flatMap(knot -> knot.waiters().stream().limit(1))
                .findFirst()
                .map(edge -> readings.holding(tree.root(), edge.kind(), edge.lockId(), at))
                .orElseGet(() -> readings.doing(tree.root(), at));
        if (gaveBack(tree, doing)) {
            node.put("doing", GAVE_BACK).putNull("detail").putNull("site");
        } else {
            node.put("doing", doing.doing().words()).put("detail", doing.detail());
            node.set("site", Shapes.frame(doing.site().orElse(null)));
        }
        node.set("knots", Shapes.array(tree.knots().stream().limit(MOST_KNOTS).toList(), GraphShape::knot));
        return node;
    }

    /** Owners are read one after the other: who waits for work a moment later had the lock until then. A lock that was left is waited for longer. */
    private static boolean gaveBack(WaitForGraph.Tree tree, Holder doing) {
        return doing.doing() == Doing.WAITS_FOR_WORK
                && tree.knots().stream()
                        .flatMap(knot -> knot.waiters().stream())
                        .allMatch(edge -> edge.soFar().compareTo(LEFT) < 0);
    }

    private static ObjectNode knot(WaitForGraph.Knot knot) {
        List<WaitForGraph.Edge> waiters = knot.waiters();
        ObjectNode node = Shapes.object()
                .put(
                        "lockId",
                        waiters.isEmpty()
                                ? knot.lockId()
                                : Shapes.pageId(waiters.get(0).kind(), knot.lock(), knot.lockId()))
                .put("name", knot.lockName())
                .put("kind", waiters.isEmpty() ? "" : waiters.get(0).kind().id())
                .put("blocked", knot.blocked())
                .put(
                        "longest",
                        waiters.stream()
                                .filter(edge -> edge.weight() == 1) // of a crowd only its own age is known
                                .mapToLong(edge -> edge.soFar().toNanos())
                                .max()
                                .orElse(0));
        node.set("owner", Shapes.thread(knot.owner()));
        node.set("waiters", Shapes.array(waiters.stream().limit(MOST_WAITERS).toList(), edge -> {
            ObjectNode waiter = Shapes.thread(edge.waiter());
            return waiter == null
                    ? Shapes.object()
                    : waiter.put("soFar", Shapes.nanos(edge.soFar())).put("weight", edge.weight());
        }));
        return node;
    }

    static ObjectNode edge(WaitForGraph.Edge edge) {
        ObjectNode node = Shapes.object()
                .put("lockId", Shapes.pageId(edge.kind(), edge.lock(), edge.lockId()))
                .put("lockName", edge.lockName())
                .put("kind", edge.kind().id())
                .put("soFar", Shapes.nanos(edge.soFar()))
                .put("idle", edge.idle())
                .put("weight", edge.weight());
        node.set("waiter", Shapes.thread(edge.waiter()));
        node.set("owner", Shapes.thread(edge.owner()));
        return node;
    }
}
