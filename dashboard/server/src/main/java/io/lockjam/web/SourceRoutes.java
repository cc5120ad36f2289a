// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.name.SourceFiles;
import java.util.Optional;

/** Lines of source around a frame's line, where the source can be found. */
final class SourceRoutes {
    private static final int CONTEXT_LINES = 4;
    private static final int MOST_LINES = 10_000_000;

    private SourceRoutes() {}

    static ObjectNode around(Context context, Query query) {
        String className = required(context, "class");
        String file = required(context, "file");
        int line = Query.number(context, "line", 1, 1, MOST_LINES);
        Optional<SourceFiles.Excerpt> found = query.target().sources().around(className, file, line, CONTEXT_LINES);
        ObjectNode node = Shapes.object().put("found", found.isPresent()).put("line", line);
        found.ifPresent(excerpt -> {
            node.put("path", excerpt.path()).put("first", excerpt.first());
            node.set("lines", Shapes.array(excerpt.lines(), Shapes.JSON::textNode));
        });
        return node;
    }

    private static String required(Context context, String name) {
        return Query.text(context, name)
                .orElseThrow(() -> Refusal.badRequest(name + ": expected a text, got nothing."));
    }
}
