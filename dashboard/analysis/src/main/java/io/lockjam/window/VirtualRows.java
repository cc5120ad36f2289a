// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the {@link VirtualWindow} of a range. */
final class VirtualRows {
    private final Memory memory;
    private final Range range;

    VirtualRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    VirtualWindow build(WaitForGraph graph) {
        List<Fact.VirtualSeen> seen = memory.few(range, Fact.VirtualSeen.class);
        return new VirtualWindow(alive(), waits(graph), seen.size(), places(seen));
    }

    private long alive() {
        long alive = -1;
        for (Second second : memory.in(range)) {
            alive = second.states.isEmpty() ? alive : second.states.get(0).virtualThreads;
        }
        return alive;
    }

    private static List<VirtualWindow.Waits> waits(WaitForGraph graph) {
        record Key(String lockId, boolean idle) {}
        Map<Key, List<WaitForGraph.Edge>> byLock = new LinkedHashMap<>();
        for (WaitForGraph.Edge edge : graph.edges()) {
            if (edge.waiter().virtual()) {
                byLock.computeIfAbsent(new Key(edge.lockId(), edge.idle()), key -> new ArrayList<>())
                        .add(edge);
            }
        }
        return byLock.values().stream()
                .map(VirtualRows::waits)
                .sorted(Comparator.comparing(VirtualWindow.Waits::threads).reversed())
                .toList();
    }

    private static VirtualWindow.Waits waits(List<WaitForGraph.Edge> edges) {
        WaitForGraph.Edge first = edges.get(0);
        Duration longest = edges.stream()
                .map(WaitForGraph.Edge::soFar)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return new VirtualWindow.Waits(
                first.kind(),
                first.lockId(),
                first.lockName(),
                edges.stream().mapToLong(WaitForGraph.Edge::weight).sum(),
                longest,
                first.idle(),
                first.owner());
    }

    private static List<VirtualWindow.Place> places(List<Fact.VirtualSeen> seen) {
        record Key(Doing doing, Optional<Frame> site) {}
        Map<Key, List<Fact.VirtualSeen>> byPlace = new LinkedHashMap<>();
        for (Fact.VirtualSeen each : seen) {
            Doing doing = StackReading.doing(each.stack(), each.state());
            byPlace.computeIfAbsent(new Key(doing, each.stack().own()), key -> new ArrayList<>())
                    .add(each);
        }
        List<VirtualWindow.Place> places = new ArrayList<>();
        byPlace.forEach((key, samples) ->
                places.add(new VirtualWindow.Place(key.doing(), samples.get(0).stack(), samples.size())));
        places.sort(Comparator.comparing(VirtualWindow.Place::samples).reversed());
        return places;
    }
}
