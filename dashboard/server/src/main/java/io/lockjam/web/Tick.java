// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Lanes;
import io.lockjam.window.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the letters of one target's feed: one a second, with what changed since the last one made. Used by one thread at a time. */
final class Tick {
    private final Watched target;
    private final Map<Integer, ThreadRef> threadAt = new HashMap<>();
    private @Nullable ObjectNode heldUp;
    private long heldUpAt;
    private long last = -1;
    private String findings = "";
    private String status = "";

    Tick(Watched target) {
        this.target = target;
    }

    /** The letter of one complete second. */
    String of(long second) {
        Readings readings = target.readings();
        Range range = Seconds.of(second, second + 1);
        Lanes lanes = readings.lanes(range);
        ObjectNode node = Shapes.object().put("type", "tick").put("at", second * 1000);
        node.set("threads", renamed(lanes.rows()));
        node.set("ownThreads", renamed(lanes.observers()));
        node.put("s", letters(lanes));
        node.set("graph", second == last + 1 ? graph(readings, second + 1) : lately(readings, second + 1));
        last = second;
        node.set("pauses", pauses(readings, range));
        node.set("gaps", gaps(readings, range));
        node.set("cost", OverviewRoutes.cost(readings.cost(Seconds.of(second - 9, second + 1))));
        ArrayNode found = Shapes.array(readings.findings(), FindingRoutes::shape);
        if (!found.toString().equals(findings)) {
            findings = found.toString();
            node.set("findings", found);
        }
        return node.toString();
    }

    /** As {@link GraphShape#lately}, which looks back: here the last seconds are known already. */
    private ObjectNode graph(Readings readings, long second) {
        ObjectNode now = GraphShape.of(readings, Instant.ofEpochSecond(second));
        ObjectNode before = heldUp;
        if (!GraphShape.isQuiet(now)) {
            heldUp = now;
            heldUpAt = second;
            return now;
        }
        return before != null && second - heldUpAt < GraphShape.LATELY_SECONDS ? before : now;
    }

    /** Of a second before which none was made. */
    private ObjectNode lately(Readings readings, long second) {
        ObjectNode then = GraphShape.lately(readings, Instant.ofEpochSecond(second));
        heldUp = GraphShape.isQuiet(then) ? null : then;
        heldUpAt = Math.floorDiv(then.path("at").asLong(), 1000L);
        return then;
    }

    /** A letter if the target has ended or has something to say; empty if nothing changed. */
    String statusIfChanged() {
        String now = status(target);
        if (now.equals(status)) {
            return "";
        }
        status = now;
        return now;
    }

    /** Whether the target is still there, what it has to say, and what is being done to it. */
    static String status(Watched target) {
        ObjectNode node = Shapes.object()
                .put("type", "status")
                .put("state", target.status().state().id())
                .put("note", target.status().note());
        target.job().ifPresent(job -> node.set("job", job.shape()));
        return node.toString();
    }

    private static String letters(Lanes lanes) {
        List<Lanes.Lane> rows = new ArrayList<>(lanes.rows());
        rows.addAll(lanes.observers());
        int slots = rows.stream().mapToInt(Lanes.Lane::slot).max().orElse(-1) + 1;
        char[] letters = new char[slots];
        Arrays.fill(letters, ' ');
        for (Lanes.Lane row : rows) {
            if (!row.states().isBlank()) {
                letters[row.slot()] = row.states().charAt(0);
            }
        }
        return new String(letters);
    }

    /** Slots that hold another thread than before, or one whose name has come meanwhile. */
    private ArrayNode renamed(List<Lanes.Lane> lanes) {
        ArrayNode rows = Shapes.JSON.arrayNode();
        for (Lanes.Lane row : lanes) {
            ThreadRef before = threadAt.put(row.slot(), row.thread());
            if (!row.thread().equals(before)) {
                rows.addArray()
                        .add(row.slot())
                        .add(row.thread().id())
                        .add(row.thread().label())
                        .add(row.group());
            }
        }
        return rows;
    }

    static ArrayNode gaps(Readings readings, Range range) {
        return Shapes.array(
                readings.gaps(range),
                gap -> Shapes.object()
                        .put("from", gap.at().minus(gap.length()).toEpochMilli())
                        .put("to", gap.at().toEpochMilli())
                        .put("lost", gap.lost())
                        .put("reason", gap.reason()));
    }

    /** Pauses as begin in ms, length in ms and cause. */
    static ArrayNode pauses(Readings readings, Range range) {
        return Shapes.array(
                readings.pauses(range),
                pause -> Shapes.object()
                        .put("at", pause.at().minus(pause.took()).toEpochMilli())
                        .put("took", pause.took().toNanos() / 1e6)
                        .put("cause", pause.cause()));
    }
}
