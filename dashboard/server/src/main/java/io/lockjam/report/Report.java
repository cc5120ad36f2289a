// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Verdict;
import io.lockjam.window.Cost;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.Target;
import io.lockjam.window.ThreadWindow;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One range of a session, ready to be written: {@code lockjam-report/1} and what is made from it. */
public final class Report {
    /** Together; what is shorter than this no one notices. */
    private static final Duration NOTABLE = Duration.ofMillis(100);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode tree;
    private final Findings findings;

    private Report(ObjectNode tree, Findings findings) {
        this.tree = tree;
        this.findings = findings;
    }

    /**
     * Collects the report.
     *
     * @param attachMs milliseconds the attach took; -1 if there was none
     */
    public static Report of(Session session, Findings findings, long attachMs) {
        Range range = findings.range();
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("schema", "lockjam-report/1");
        target(tree.putObject("target"), session.target());
        tree.putObject("window")
                .put("from", range.from().toString())
                .put("to", range.to().toString())
                .put("seconds", ReportShapes.rounded(range.seconds()));
        cost(tree.putObject("cost"), session.cost(range), attachMs);
        ArrayNode found = tree.putArray("findings");
        findings.found().forEach(each -> found.add(ReportShapes.finding(each)));
        ArrayNode unknown = tree.putArray("notJudged");
        for (Verdict.NotEnoughData each : findings.unknown()) {
            unknown.addObject().put("kind", each.kind().id()).put("missing", each.missing());
        }
        ArrayNode locks = tree.putArray("locks");
        session.locks(range).stream().filter(Report::waitedFor).forEach(lock -> locks.add(ReportShapes.lock(lock)));
        ArrayNode queues = tree.putArray("queues");
        session.queues(range).forEach(queue -> queues.add(ReportShapes.queue(queue)));
        ArrayNode pools = tree.putArray("pools");
        session.pools(range).stream().filter(Report::isUsed).forEach(pool -> pools.add(ReportShapes.pool(pool)));
        ArrayNode threads = tree.putArray("threads");
        List<ThreadWindow> windows = session.threads(range);
        windows.forEach(thread -> threads.add(ReportShapes.thread(thread)));
        tree.set("account", ReportShapes.group("", windows));
        ArrayNode groups = tree.putArray("groups");
        windows.stream()
                .collect(Collectors.groupingBy(ThreadWindow::group, TreeMap::new, Collectors.toList()))
                .forEach((name, members) -> groups.add(ReportShapes.group(name, members)));
        return new Report(tree, findings);
    }

    public List<Finding> findings() {
        return findings.found();
    }

    /** What could not be judged, and what is missing. */
    public List<Verdict.NotEnoughData> unknown() {
        return findings.unknown();
    }

    /** The object of {@code lockjam-report/1}; a copy. */
    public ObjectNode tree() {
        return tree.deepCopy();
    }

    public String json() {
        return written(tree);
    }

    public String markdown() {
        return new MarkdownReport(tree, findings).text();
    }

    /** One page that needs no other file and no script. */
    public String html() {
        return new HtmlReport(tree, findings).text();
    }

    /** SARIF 2.1.0, for code scanning services. */
    public String sarif() {
        return written(SarifReport.of(findings));
    }

    /** Not what was never seen to be waited for: parks of a moment of which neither lock nor place is known. */
    private static boolean waitedFor(LockWindow lock) {
        boolean nameless = lock.className().isEmpty()
                && lock.sites().isEmpty()
                && lock.waiting() == 0
                && lock.waitTotal().compareTo(NOTABLE) < 0;
        boolean waited = lock.contentions() > 0
                || lock.waiting() > 0
                || lock.sampled(); // the ends of sampled waits may go unseen
        return waited && !nameless;
    }

    /** Not what is left of a pool whose threads have ended before, as those of a client that was dropped. */
    private static boolean isUsed(PoolWindow pool) {
        return pool.sizes().stream().anyMatch(size -> size > 0)
                || pool.arrivals() > 0
                || pool.completions() > 0
                || pool.rejections() > 0
                || pool.queueDepthMax() > 0;
    }

    private static void target(ObjectNode node, Target target) {
        node.put("pid", target.pid());
        node.put("mainClass", target.mainClass());
        node.put("jdk", target.jdk());
        node.put("cpus", target.cpus());
        node.put(
                "startedAt",
                target.startedAt() == null ? null : target.startedAt().toString());
    }

    private static void cost(ObjectNode node, Cost cost, long attachMs) {
        ReportShapes.number(node, "agentCpuShare", cost.agentCpuShare());
        ReportShapes.number(node, "eventsPerSecond", cost.eventsPerSecond());
        node.put("droppedEvents", cost.droppedEvents());
        if (attachMs < 0) {
            node.putNull("attachMs");
        } else {
            node.put("attachMs", attachMs);
        }
        node.put("foldedWaits", cost.droppedHere());
        node.put("faults", cost.faults());
        node.put("depth", cost.depth());
    }

    private static String written(ObjectNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
