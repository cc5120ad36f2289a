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
    int threads() {
        return threads(waiting);
    }

    static int threads(List<WaitForGraph.Edge> waiting) {
        return waiting.stream().mapToInt(WaitForGraph.Edge::weight).sum();
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
