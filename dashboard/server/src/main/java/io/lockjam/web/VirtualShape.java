// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.VirtualWindow;
import org.jspecify.annotations.Nullable;

/** What the page on threads says of the virtual ones; nothing of a program that has none. */
final class VirtualShape {
    private static final int MOST = 20;

    private VirtualShape() {}

    static @Nullable ObjectNode of(Query query) {
        VirtualWindow virtual = query.readings().virtual(query.range());
        PoolWindow carriers = query.readings().pools(query.range()).stream()
                .filter(PoolWindow::carries)
                .findFirst()
                .orElse(null);
        if (virtual.alive() <= 0 && carriers == null) {
            return null;
        }
        ObjectNode node = Shapes.object().put("alive", virtual.alive()).put("sampled", virtual.sampled());
        node.set("carriers", carriers == null ? null : carriers(carriers));
        node.set("waits", Shapes.array(virtual.waits().stream().limit(MOST).toList(), VirtualShape::waits));
        node.set("places", Shapes.array(virtual.places().stream().limit(MOST).toList(), VirtualShape::place));
        return node;
    }

    private static ObjectNode carriers(PoolWindow pool) {
        return Shapes.object()
                .put("poolId", pool.id())
                .put("most", pool.maxSize())
                .put("busy", pool.busyMean())
                .put("without", pool.queueDepthMean())
                .put("madePerSecond", pool.arrivalsPerSecond());
    }

    private static ObjectNode waits(VirtualWindow.Waits waits) {
        ObjectNode node = Shapes.object()
                .put("kind", waits.kind().id())
                .put("lockId", waits.lockId())
                .put("lockName", waits.lockName())
                .put("threads", waits.threads())
                .put("longest", Shapes.nanos(waits.longest()))
                .put("idle", waits.idle());
        node.set("owner", Shapes.thread(waits.owner()));
        return node;
    }

    private static ObjectNode place(VirtualWindow.Place place) {
        ObjectNode node = Shapes.object().put("doing", place.doing().words()).put("samples", place.samples());
        node.set("site", Shapes.frame(place.stack().own().orElse(null)));
        return node;
    }
}
