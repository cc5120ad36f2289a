// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.WaitForGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits for one queue of which none has ended.
 *
 * @param edge the one that a finding speaks of
 */
record StandingWaits(WaitForGraph.Edge edge, List<WaitForGraph.Edge> waiting) {
    private static final int MOST_NAMED = 3;

    int threads() {
        return threads(waiting);
    }

    static int threads(List<WaitForGraph.Edge> waiting) {
        return waiting.stream().mapToInt(WaitForGraph.Edge::weight).sum();
    }

    /** Who waits: {@code reader-1 and reader-2}; of virtual threads one stands for many. */
    static String names(List<WaitForGraph.Edge> waiting) {
        List<String> names = waiting.stream().map(each -> each.waiter().label()).toList();
        int unnamed = threads(waiting) - names.size();
        return unnamed <= 0
                ? Words.list(names)
                : String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))) + " and "
                        + (unnamed + Math.max(0, names.size() - MOST_NAMED)) + " more";
    }

    /** @param what tells findings about one queue apart */
    Details details(String what, Text text, List<Place> where, Situation all) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("age", edge.soFar().toNanos());
        evidence.put("waitingNow", threads());
        return new Details(
                what + "|" + edge.lockName(),
                all.range(),
                new Subject(
                        "queue",
                        edge.lock().className(),
                        edge.lockName(),
                        edge.lock().identity(),
                        edge.lockId()),
                text,
                new Impact(threads(), threads()),
                where,
                waiting.stream().map(each -> each.waiter().label()).toList(),
                evidence,
                List.of());
    }
}
