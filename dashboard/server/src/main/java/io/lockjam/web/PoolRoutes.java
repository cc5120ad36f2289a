// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.finding.Advice;
import io.lockjam.report.ReportShapes;
import io.lockjam.window.PoolWindow;
import java.util.List;

/** Thread pools and pools of slots, with the arithmetic of their size. */
final class PoolRoutes {
    private static final int MOST_THREADS = 100_000;

    private PoolRoutes() {}

    static ObjectNode list(Context context, Query query) {
        List<PoolWindow> pools = query.readings().pools(query.range());
        ObjectNode node = Shapes.object().put("total", pools.size());
        node.set("pools", Shapes.array(pools.stream().limit(300).toList(), PoolRoutes::row));
        return node;
    }

    static ObjectNode one(Context context, Query query) {
        PoolWindow pool = find(context, query);
        ObjectNode node = row(pool);
        node.set("queueTimes", Shapes.histogram(pool.queueTimes()));
        node.set("serviceTimes", Shapes.histogram(pool.serviceTimes()));
        node.set("advice", advice(Advice.of(pool)));
        node.set("submitters", Shapes.array(pool.submitters(), submitter -> {
            ObjectNode row = Shapes.object().put("task", submitter.taskClass()).put("tasks", submitter.tasks());
            row.set("stack", Shapes.stack(submitter.stack()));
            row.set("site", Shapes.frame(submitter.stack().site().orElse(null)));
            return row;
        }));
        return node;
    }

    static ObjectNode whatIf(Context context, Query query) {
        PoolWindow pool = find(context, query);
        int n = Query.number(context, "n", Math.max(1, pool.size()), 1, MOST_THREADS);
        return point(Advice.of(pool).at(n));
    }

    private static PoolWindow find(Context context, Query query) {
        String id = context.pathParam("id");
        return query.readings().pools(query.range()).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("There is no pool " + id + " in this time range."));
    }

    private static ObjectNode row(PoolWindow pool) {
        ObjectNode node = ReportShapes.pool(pool);
        node.put("queueDepth", pool.queueDepth())
                .put("growthPerSecond", pool.growthPerSecond())
                .put("arrivals", pool.arrivals())
                .put("timed", pool.timed())
                .put("utilisation", Shapes.finite(pool.utilisation()))
                .put("queueTimeMean", Shapes.nanos(pool.queueTimeMean()))
                .put("serviceMean", Shapes.nanos(pool.serviceMean()))
                .put("serviceVariation", Shapes.finite(pool.serviceVariation()))
                .put("arrivalVariation", Shapes.finite(pool.arrivalVariation()));
        node.set("busies", QueueRoutes.series(pool.busies()));
        node.set("sizes", QueueRoutes.series(pool.sizes()));
        node.set("depths", QueueRoutes.series(pool.queueDepths()));
        return node;
    }

    private static ObjectNode advice(Advice advice) {
        ObjectNode node = Shapes.object()
                .put("threads", advice.threads())
                .put("why", advice.why())
                .put("cores", advice.cores())
                .put("offered", Shapes.finite(advice.offered()))
                .put("cpuBound", advice.cpuBound())
                .put("goetz", advice.goetz())
                .put("closedLoop", advice.closedLoop())
                .put("confident", advice.confident())
                .put("doubt", advice.doubt());
        node.set(
                "figures",
                Shapes.array(
                        advice.figures(),
                        figure -> Shapes.object()
                                .put("name", figure.name())
                                .put("value", figure.value())
                                .put("source", figure.source())));
        node.set("curve", Shapes.array(advice.curve(), PoolRoutes::point));
        return node;
    }

    private static ObjectNode point(Advice.Point point) {
        return Shapes.object()
                .put("threads", point.threads())
                .put("queueWaitMeanMs", Shapes.finite(point.queueWaitMeanMs()))
                .put("serviceMeanMs", Shapes.finite(point.serviceMeanMs()))
                .put("utilisation", Shapes.finite(point.utilisation()))
                .put("tasksPerSecond", Shapes.finite(point.tasksPerSecond()));
    }
}
