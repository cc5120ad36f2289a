// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** A table of a report that people read: which figures of which rows, under which heads, in which units. */
record ReportTable(String title, String field, List<Column> columns) {
    private static final double[] STEPS = {1e9, 1e6, 1e3};
    private static final List<String> UNITS = List.of("s", "ms", "µs");

    static final ReportTable LOCKS = new ReportTable(
            "Locks",
            "locks",
            List.of(
                    new Column("name", "Lock", Unit.TEXT),
                    new Column("kind", "Kind", Unit.TEXT),
                    new Column("contentions", "Contended acquires", Unit.NUMBER),
                    new Column("waitTotal", "Waited, all together", Unit.NANOS),
                    new Column("waitP50", "Median wait", Unit.NANOS),
                    new Column("waitP99", "p99 wait", Unit.NANOS),
                    new Column("waitMax", "Longest wait", Unit.NANOS)));

    static final ReportTable QUEUES = new ReportTable(
            "Queues",
            "queues",
            List.of(
                    new Column("name", "Queue", Unit.TEXT),
                    new Column("capacity", "Capacity", Unit.SIZE),
                    new Column("depthMean", "Depth, mean", Unit.NUMBER),
                    new Column("depthMax", "Depth, most", Unit.NUMBER),
                    new Column("putWait", "Waited to put", Unit.NANOS),
                    new Column("takeWait", "Waited to take", Unit.NANOS)));

    static final ReportTable POOLS = new ReportTable(
            "Pools",
            "pools",
            List.of(
                    new Column("name", "Pool", Unit.TEXT),
                    new Column("size", "Threads", Unit.NUMBER),
                    new Column("maxSize", "Most threads", Unit.SIZE),
                    new Column("busyMean", "Busy, mean", Unit.NUMBER),
                    new Column("queueDepthMean", "Queue depth, mean", Unit.NUMBER),
                    new Column("arrivalsPerSecond", "Tasks a second", Unit.NUMBER),
                    new Column("serviceMeanMs", "Service time, mean", Unit.MILLIS),
                    new Column("rejected", "Rejected", Unit.NUMBER)));

    static final ReportTable THREADS = new ReportTable(
            "Threads",
            "threads",
            List.of(
                    new Column("name", "Thread", Unit.TEXT),
                    new Column("group", "Group", Unit.TEXT),
                    new Column("cpuShare", "On a core", Unit.SHARE),
                    new Column("blockedShare", "Held up", Unit.SHARE),
                    new Column("waitingShare", "Waiting, not held up", Unit.SHARE),
                    new Column("runQueueWaitShare", "Ready, no core", Unit.SHARE)));

    /** How a figure is written. */
    enum Unit {
        TEXT,
        NUMBER,
        NANOS,
        MILLIS,
        SHARE,
        /** A number that may be without limit. */
        SIZE
    }

    /** One figure of each row. */
    record Column(String key, String head, Unit unit) {
        boolean isText() {
            return unit == Unit.TEXT;
        }

        /** A dash where nothing is known. */
        String cell(JsonNode row) {
            JsonNode value = row.path(key);
            if (value.isNull() || value.isMissingNode()) {
                return "–";
            }
            return switch (unit) {
                case TEXT -> value.asText();
                case NUMBER -> number(value.asDouble());
                case NANOS -> time(value.asDouble());
                case MILLIS -> time(value.asDouble() * 1e6);
                case SHARE -> number(Math.round(value.asDouble() * 1_000) / 10.0) + " %";
                case SIZE ->
                    value.asLong() < 0 || value.asLong() >= Integer.MAX_VALUE ? "unbounded" : number(value.asDouble());
            };
        }
    }

    /** Whole from 100 on, at most two decimals below. */
    private static String number(double value) {
        boolean whole = Math.abs(value) >= 100 || value == Math.rint(value);
        return whole ? String.format(Locale.ROOT, "%,d", Math.round(value)) : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String time(double nanos) {
        for (int i = 0; i < STEPS.length; i++) {
            if (nanos >= STEPS[i]) {
                return number(nanos / STEPS[i]) + " " + UNITS.get(i);
            }
        }
        return nanos <= 0 ? "0" : number(nanos) + " ns";
    }
}
