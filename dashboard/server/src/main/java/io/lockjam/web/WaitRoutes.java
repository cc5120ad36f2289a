// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.List;

/** Single waits: who waited, for what, how long, and who ended it. */
final class WaitRoutes {
    private static final int MOST = 2_000;
    private static final Duration SHORTEST_SHOWN = Duration.ofMillis(1);

    private WaitRoutes() {}

    static ObjectNode list(Context context, Query query) {
        int limit = Query.number(context, "limit", 500, 1, MOST);
        int least = Query.number(context, "minMs", 0, 0, 86_400_000);
        String lock = Query.text(context, "lock").map(query.readings()::lockId).orElse("");
        int thread = Query.number(context, "thread", -1, -1, Integer.MAX_VALUE);
        WaitQuery wanted = WaitQuery.all(limit)
                .lasting(Duration.ofMillis(least))
                .forLock(lock)
                .by(thread);
        List<Wait> waits = query.readings().waits(query.range(), wanted);
        ObjectNode node = Shapes.object();
        node.set("waits", Shapes.array(waits, WaitRoutes::wait));
        return node;
    }

    /** The longest waits for the arrows, the pauses, and what is missing. */
    static ObjectNode timeline(Context context, Query query) {
        int limit = Query.number(context, "limit", 300, 1, MOST);
        List<Wait> waits = query.readings().waits(query.range(), WaitQuery.heldUp(SHORTEST_SHOWN, limit));
        ObjectNode node = Shapes.object();
        node.set("waits", Shapes.array(waits, WaitRoutes::wait));
        node.set(
                "pauses",
                Shapes.array(
                        query.readings().pauses(query.range()),
                        pause -> Shapes.object()
                                .put("at", pause.at().minus(pause.took()).toEpochMilli())
                                .put("took", Shapes.nanos(pause.took()))
                                .put("cause", pause.cause())));
        return node;
    }

    static ObjectNode wait(Wait wait) {
        ObjectNode node = Shapes.object()
                .put("start", wait.start().toEpochMilli())
                .put("waited", Shapes.nanos(wait.waited()))
                .put("kind", wait.kind().id())
                .put("lockId", Shapes.pageId(wait.kind(), wait.lock(), wait.lockId()))
                .put("lockName", wait.lockName())
                .put("ended", wait.ended())
                .put("granted", wait.granted())
                .put("idle", wait.idle())
                .put("weight", wait.weight())
                .put("doing", wait.holder().doing().words());
        node.set("waiter", Shapes.thread(wait.waiter()));
        node.set("owner", Shapes.thread(wait.owner()));
        node.set("releasedBy", Shapes.thread(wait.releasedBy()));
        node.set("site", Shapes.frame(wait.stack().site().orElse(null)));
        return node;
    }
}
