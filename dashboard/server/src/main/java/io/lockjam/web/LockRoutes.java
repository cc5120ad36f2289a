// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.finding.Finding;
import io.lockjam.model.Fact;
import io.lockjam.report.ReportShapes;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.util.List;

/** Locks and everything else that threads wait for, but queues. */
final class LockRoutes {
    private static final int MOST_ROWS = 500;
    private static final int MOST_WAITS = 400;

    private LockRoutes() {}

    static ObjectNode list(Context context, Query query) {
        int limit = Query.number(context, "limit", MOST_ROWS, 1, MOST_ROWS);
        boolean all = !Query.flag(context, "heldUp");
        List<LockWindow> locks = query.readings().locks(query.range()).stream()
                .filter(lock -> all || lock.holdsUp())
                .toList();
        ObjectNode node = Shapes.object().put("total", locks.size());
        node.set("locks", Shapes.array(locks.stream().limit(limit).toList(), LockRoutes::row));
        return node;
    }

    static ObjectNode row(LockWindow lock) {
        ObjectNode node = ReportShapes.lock(lock);
        node.put("id", lock.id())
                .put("identity", lock.identity())
                .put("objects", lock.objects())
                .put("waiting", lock.waiting())
                .put("waiters", lock.waiters())
                .put("waitingTotal", Shapes.nanos(lock.waitingTotal()))
                .put("lost", Shapes.nanos(lock.waitTotal()) + Shapes.nanos(lock.waitingTotal()))
                .put("lostPerSecond", lock.lostPerSecond())
                .put("contentionsPerSecond", lock.contentionsPerSecond())
                .put("holds", lock.holds())
                .put("holdMean", Shapes.nanos(lock.meanHold()))
                .put("holdMax", Shapes.nanos(lock.longestHold()))
                .put("pausedTotal", Shapes.nanos(lock.pausedTotal()))
                .put("sampledWaits", lock.sampledWaits())
                .put("isLock", lock.kind().isLock())
                .put("holdsUp", lock.holdsUp());
        node.set("owners", Shapes.array(lock.owners(), LockRoutes::part));
        node.set("waitingThreads", Shapes.array(lock.waitingThreads(), LockRoutes::part));
        return node;
    }

    /** A row with its stacks and distributions. */
    static ObjectNode full(LockWindow lock, Query query) {
        ObjectNode node = row(lock);
        node.set("histogram", Shapes.histogram(lock.waits()));
        node.set("holdTimes", Shapes.histogram(query.readings().holds(query.range(), lock.id())));
        node.set("releasers", Shapes.array(lock.releasers(), LockRoutes::part));
        node.set("waitSites", Shapes.array(lock.sites(), LockRoutes::site));
        node.set("blameRows", Shapes.array(lock.blame(), blame -> {
            ObjectNode row = Shapes.object()
                    .put("doing", blame.doing().words())
                    .put("detail", blame.detail())
                    .put("wait", Shapes.nanos(blame.waited()))
                    .put("waits", blame.waits());
            row.set("waiter", Shapes.frame(blame.waiter()));
            row.set("holder", Shapes.frame(blame.holder()));
            row.set("takenAt", Shapes.frame(blame.takenAt()));
            row.set("waiterStack", Shapes.stack(blame.waiterStack()));
            row.set("holderStack", Shapes.stack(blame.holderStack()));
            return row;
        }));
        return node;
    }

    static ObjectNode one(Context context, Query query) {
        String id = query.readings().lockId(context.pathParam("id"));
        LockWindow lock = query.readings().locks(query.range()).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("Nobody waited for a lock " + id + " in this time range."));
        ObjectNode node = full(lock, query);
        List<Wait> waits =
                query.readings().waits(query.range(), WaitQuery.all(MOST_WAITS).forLock(id));
        node.set("spans", Shapes.array(waits, WaitRoutes::wait));
        node.set("orders", Shapes.array(ordersOf(lock, query), LockRoutes::order));
        node.set(
                "findings",
                Shapes.array(
                        FindingRoutes.in(query).stream()
                                .filter(tracked -> isAbout(tracked.finding(), id))
                                .toList(),
                        FindingRoutes::shape));
        return node;
    }

    private static List<Fact.LockOrderSeen> ordersOf(LockWindow lock, Query query) {
        return query.readings().orders(query.range()).stream()
                .filter(order -> lock.identity().equals(order.held().identity())
                        || lock.identity().equals(order.wanted().identity()))
                .limit(50)
                .toList();
    }

    private static boolean isAbout(Finding finding, String id) {
        return finding.subject().windowId().equals(id);
    }

    private static JsonNode order(Fact.LockOrderSeen order) {
        ObjectNode row = Shapes.object()
                .put("held", order.held().className() + " " + order.held().identity())
                .put("heldAt", order.heldAt())
                .put("wanted", order.wanted().className() + " " + order.wanted().identity())
                .put("tried", order.tried());
        row.set("thread", Shapes.thread(order.thread()));
        row.set("stack", Shapes.stack(order.stack()));
        return row;
    }

    static ObjectNode site(LockWindow.SiteShare site) {
        ObjectNode row = Shapes.object().put("waits", site.waits()).put("wait", Shapes.nanos(site.waited()));
        row.set("site", Shapes.frame(site.site()));
        row.set("stack", Shapes.stack(site.stack()));
        return row;
    }

    static ObjectNode part(LockWindow.Part part) {
        ObjectNode row = Shapes.object().put("waits", part.waits()).put("wait", Shapes.nanos(part.waited()));
        row.set("thread", Shapes.thread(part.thread()));
        return row;
    }
}
