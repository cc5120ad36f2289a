// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.util.Set;

/** The routes of the pages, so that an unknown one is a 404 and still a page that helps. */
final class Pages {
    private static final Set<String> ALONE = Set.of("timeline", "races", "stacks", "compare", "recordings");
    private static final Set<String> WITH_ONE = Set.of("findings", "locks", "pools", "queues", "threads", "help");

    private Pages() {}

    static boolean known(String path) {
        String[] parts = path.substring(1).split("/", 2);
        return parts.length == 1
                ? ALONE.contains(parts[0]) || WITH_ONE.contains(parts[0])
                : WITH_ONE.contains(parts[0]) && !parts[1].isEmpty();
    }

    /** A page for those who may not see the others. */
    static String refusal(String sentence) {
        return """
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lockjam</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <link rel="stylesheet" href="/assets/theme.css"><link rel="stylesheet" href="/assets/layout.css">
                <script src="/assets/theme.js"></script></head>
                <body><main class="boot"><h1>Lockjam</h1><p>%s</p></main></body></html>
                """.formatted(escape(sentence));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
