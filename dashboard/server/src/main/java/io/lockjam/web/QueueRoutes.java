// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.report.ReportShapes;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Blocking queues. */
final class QueueRoutes {
    private QueueRoutes() {}

    static ObjectNode list(Context context, Query query) {
        List<QueueWindow> queues = query.readings().queues(query.range());
        ObjectNode node = Shapes.object().put("total", queues.size());
        Map<String, String> pools = pools(queues, query);
        node.set("queues", Shapes.array(queues.stream().limit(300).toList(), queue -> row(queue, pools)));
        return node;
    }

    static ObjectNode one(Context context, Query query) {
        String id = context.pathParam("id");
        QueueWindow queue = query.readings().queues(query.range()).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("There was no traffic at a queue " + id + " in this time range."));
        ObjectNode node = row(queue, pools(List.of(queue), query));
        node.set("puts", Shapes.histogram(queue.puts()));
        node.set("takes", Shapes.histogram(queue.takes()));
        node.set("producers", Shapes.array(queue.producers(), LockRoutes::site));
        node.set("consumers", Shapes.array(queue.consumers(), LockRoutes::site));
        node.set("producerThreads", Shapes.array(queue.producerThreads(), LockRoutes::part));
        node.set("consumerThreads", Shapes.array(queue.consumerThreads(), LockRoutes::part));
        return node;
    }

    /** Names of the pools whose work these queues hold: many queues bear the same name. */
    private static Map<String, String> pools(List<QueueWindow> queues, Query query) {
        if (queues.stream().allMatch(queue -> queue.poolIdentity() == null)) {
            return Map.of();
        }
        return query.readings().pools(query.range()).stream()
                .collect(Collectors.toMap(PoolWindow::id, PoolWindow::name, (one, other) -> one));
    }

    private static ObjectNode row(QueueWindow queue, Map<String, String> pools) {
        ObjectNode node = ReportShapes.queue(queue);
        node.put("id", queue.id())
                .put("identity", queue.identity())
                .put("depth", queue.depthLast())
                .put("growthPerSecond", queue.growthPerSecond())
                .put("putWaits", queue.putWaits())
                .put("takeWaits", queue.takeWaits())
                .put("idleTakeWait", Shapes.nanos(queue.idleTakeWait()))
                .put("pool", queue.poolIdentity())
                .put("poolName", pools.getOrDefault("pool-" + queue.poolIdentity(), ""));
        node.set("depths", series(queue.depths()));
        return node;
    }

    /** One number a second, oldest first; null where nothing is known. */
    static com.fasterxml.jackson.databind.node.ArrayNode series(List<Integer> values) {
        return Shapes.array(values, value -> value < 0 ? Shapes.JSON.nullNode() : Shapes.JSON.numberNode(value));
    }
}
