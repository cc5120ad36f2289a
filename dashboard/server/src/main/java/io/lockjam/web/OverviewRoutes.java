// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.finding.Severity;
import io.lockjam.window.Cost;
import io.lockjam.window.Lanes;
import io.lockjam.window.Range;
import io.lockjam.window.Target;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/** What a page needs before its first picture: targets, history, and the dashboard's own cost. */
final class OverviewRoutes {
    private final Targets targets;
    private final Feed feed;
    private final long startedNanos = System.nanoTime();

    OverviewRoutes(Targets targets, Feed feed) {
        this.targets = targets;
        this.feed = feed;
    }

    ObjectNode targets() {
        ObjectNode node = Shapes.object();
        node.set("targets", Shapes.array(targets.all(), OverviewRoutes::target));
        return node;
    }

    /** The recordings that are open here; each is a target of its own. */
    ObjectNode recordings() {
        ObjectNode node = Shapes.object();
        node.set(
                "recordings",
                Shapes.array(
                        targets.all().stream()
                                .filter(target -> target.status().state() == Watched.State.RECORDED)
                                .toList(),
                        OverviewRoutes::target));
        return node;
    }

    static ObjectNode target(Watched watched) {
        Target target = watched.readings().target();
        ObjectNode node = Shapes.object()
                .put("id", watched.id())
                .put("name", watched.label())
                .put("state", watched.status().state().id())
                .put("note", watched.status().note())
                .put("pid", target.pid())
                .put("mainClass", target.mainClass())
                .put("jdk", target.jdk())
                .put("cpus", target.cpus());
        watched.job().ifPresent(job -> node.set("job", job.shape()));
        Range kept = watched.readings().kept();
        node.set("kept", Shapes.range(kept));
        node.set("cost", cost(watched.readings().cost(recent(watched.readings()))));
        node.set("open", open(watched.readings()));
        return node;
    }

    /** How many findings are open and not muted, by severity. */
    private static ObjectNode open(Readings readings) {
        ObjectNode node = Shapes.object();
        for (Severity severity : Severity.values()) {
            node.put(
                    severity.id(),
                    readings.findings().stream()
                            .filter(each -> each.open() && !each.muted())
                            .filter(each -> each.finding().severity() == severity)
                            .count());
        }
        return node;
    }

    private static Range recent(Readings readings) {
        return Range.endingAt(readings.latest().orElse(readings.kept().to()), Duration.ofSeconds(10));
    }

    static ObjectNode cost(Cost cost) {
        return Shapes.object()
                .put("agentCpuShare", Shapes.finite(cost.agentCpuShare()))
                .put("eventsPerSecond", Shapes.finite(cost.eventsPerSecond()))
                .put("droppedEvents", cost.droppedEvents())
                .put("droppedHere", cost.droppedHere())
                .put("faults", cost.faults())
                .put("depth", cost.depth())
                .put("version", cost.version())
                .put("ownThreads", cost.ownThreads());
    }

    /** Everything that is kept of the threads' states, and the findings: the feed goes on from {@code at}. */
    ObjectNode bootstrap(Context context, Query query) {
        Readings readings = query.readings();
        ObjectNode node = Shapes.object().put("periodMs", 1000);
        node.set("target", target(query.target()));
        Optional<Range> seconds = Seconds.complete(readings);
        Lanes lanes = seconds.map(readings::lanes).orElse(null);
        node.put("at", seconds.map(range -> range.to().toEpochMilli() - 1000).orElse(0L));
        node.put("from", lanes == null ? 0L : lanes.from().toEpochMilli());
        node.put("seconds", lanes == null ? 0 : lanes.seconds());
        node.set("lanes", lanes == null ? Shapes.JSON.arrayNode() : Shapes.array(lanes.rows(), OverviewRoutes::lane));
        node.set(
                "ownLanes",
                lanes == null ? Shapes.JSON.arrayNode() : Shapes.array(lanes.observers(), OverviewRoutes::lane));
        node.set("findings", Shapes.array(readings.findings(), FindingRoutes::shape));
        node.set("gaps", Tick.gaps(readings, readings.kept()));
        node.set("pauses", Tick.pauses(readings, readings.kept()));
        node.set(
                "graph",
                GraphShape.lately(
                        readings, readings.latest().orElse(readings.kept().to())));
        return node;
    }

    private static ArrayNode lane(Lanes.Lane row) {
        return Shapes.JSON
                .arrayNode()
                .add(row.slot())
                .add(row.thread().id())
                .add(row.thread().label())
                .add(row.group())
                .add(row.states());
    }

    /** The dashboard itself: what it costs and what it could not deliver. */
    ObjectNode self() {
        Runtime runtime = Runtime.getRuntime();
        double cpu = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .map(nanos -> nanos / 1e9)
                .orElse(Double.NaN);
        return Shapes.object()
                .put("clients", feed.clients())
                .put("lostTicks", feed.lost())
                .put("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .put("heapBytes", runtime.totalMemory() - runtime.freeMemory())
                .put("cpuSeconds", Shapes.finite(cpu))
                .put("upSeconds", (System.nanoTime() - startedNanos) / 1e9)
                .put("version", String.valueOf(OverviewRoutes.class.getPackage().getImplementationVersion()));
    }
}
