// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Flame;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Stacks merged into a flame graph. */
final class StackRoutes {
    /** Narrower than this part of the whole is less than half a pixel on any screen. */
    private static final int FINEST = 4_000;

    private StackRoutes() {}

    static ObjectNode flame(Context context, Query query) {
        Flame.Mode mode = mode(Query.text(context, "mode").orElse("wait"));
        boolean idle = Query.flag(context, "idle");
        boolean own = Query.flag(context, "own");
        Flame flame = query.readings()
                .flame(
                        query.range(),
                        mode,
                        scope(query, Query.text(context, "scope").orElse("")),
                        idle,
                        own);
        ObjectNode node = Shapes.object().put("total", flame.total()).put("samples", flame.samples());
        node.set("root", Shapes.flame(flame.root(), flame.total() / FINEST));
        return node;
    }

    private static Flame.Mode mode(String text) {
        return Arrays.stream(Flame.Mode.values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> Refusal.badRequest("mode: expected wait, cpu or both, got '" + text + "'."));
    }

    /** {@code thread:17}, {@code pool:http-exec-#}, {@code finding:ID} for the threads in it, or nothing for all. */
    private static Predicate<ThreadRef> scope(Query query, String text) {
        if (text.isEmpty()) {
            return thread -> true;
        }
        if (text.startsWith("thread:")) {
            String id = text.substring("thread:".length());
            return thread -> Long.toString(thread.id()).equals(id);
        }
        if (text.startsWith("pool:")) {
            String group = text.substring("pool:".length());
            return thread -> thread.group().equals(group);
        }
        if (text.startsWith("finding:")) {
            Set<String> names = FindingRoutes.threads(query, text.substring("finding:".length()));
            return thread -> names.contains(thread.label());
        }
        throw Refusal.badRequest("scope: expected thread:ID, pool:NAME or finding:ID, got '" + text + "'.");
    }
}
