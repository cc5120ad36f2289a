// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.report.ReportShapes;
import io.lockjam.window.Account;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Platform threads: what each does and where its time went. */
final class ThreadRoutes {
    private static final int MOST_ROWS = 5_000;
    private static final int MOST_WAITS = 200;

    private ThreadRoutes() {}

    static ObjectNode list(Context context, Query query) {
        int limit = Query.number(context, "limit", MOST_ROWS, 1, MOST_ROWS);
        List<ThreadWindow> threads = new ArrayList<>(query.readings().threads(query.range()));
        if (Query.flag(context, "own")) {
            threads.addAll(0, query.readings().observers(query.range()));
        }
        ObjectNode node = Shapes.object().put("total", threads.size());
        node.set("threads", Shapes.array(threads.stream().limit(limit).toList(), ThreadRoutes::row));
        node.set("account", account(query.readings().account(query.range())));
        node.set("virtual", VirtualShape.of(query));
        return node;
    }

    static ObjectNode one(Context context, Query query) {
        String text = context.pathParam("id");
        ThreadWindow thread = Stream.of(
                        query.readings().threads(query.range()),
                        query.readings().observers(query.range()))
                .flatMap(List::stream)
                .filter(each -> Long.toString(each.thread().id()).equals(text))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("There is no thread " + text + " in this time range."));
        long id = thread.thread().id();
        ObjectNode node = row(thread);
        node.set("stack", Shapes.stack(thread.stack()));
        node.set("createdAt", Shapes.stack(thread.createdAt()));
        node.set(
                "doing",
                Shapes.holder(
                        query.readings().doing(thread.thread(), query.range().to())));
        List<Wait> waits = query.readings()
                .waits(
                        query.range(),
                        WaitQuery.heldUp(Duration.ZERO, MOST_WAITS).by(id));
        List<Wait> all = query.readings()
                .waits(query.range(), WaitQuery.all(MOST_WAITS).withoutHolders().by(id));
        node.set("waits", Shapes.array(waits, WaitRoutes::wait));
        node.set("idleWaits", Shapes.array(all.stream().filter(Wait::idle).toList(), WaitRoutes::wait));
        WaitForGraph graph = query.readings().graph(query.range().to());
        node.set(
                "holds",
                Shapes.array(
                        graph.edges().stream()
                                .filter(edge ->
                                        edge.owner() != null && edge.owner().id() == id)
                                .toList(),
                        GraphShape::edge));
        node.set("chain", Shapes.array(graph.chain(thread.thread()), GraphShape::edge));
        return node;
    }

    private static ObjectNode row(ThreadWindow thread) {
        ObjectNode node = ReportShapes.thread(thread);
        node.put("id", thread.thread().id())
                .put("state", String.valueOf(thread.state()))
                .put("ended", thread.ended() != null)
                .put("seen", Shapes.nanos(thread.seen()));
        node.set("account", account(thread.account()));
        node.set("site", Shapes.frame(thread.site().orElse(null)));
        WaitForGraph.Edge edge = thread.waitsFor();
        node.set("waitsFor", edge == null ? null : GraphShape.edge(edge));
        return node;
    }

    /** Nanoseconds by part: on-core, run-queue, throttled, lock, queue, io, asleep, idle, pause, unknown. */
    static ObjectNode account(Account account) {
        ObjectNode node = Shapes.object();
        for (Account.Part part : Account.Part.values()) {
            node.put(part.name().toLowerCase(Locale.ROOT).replace('_', '-'), account.nanos(part));
        }
        return node;
    }
}
