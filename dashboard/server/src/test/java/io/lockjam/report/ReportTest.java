// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockjam.finding.Findings;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Limits;
import io.lockjam.window.LockNaming;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ThreadRef WORKER = new ThreadRef(5, "<b>worker-1</b>", false, 77);

    private static Report report() {
        Session session = new Session(LockNaming.NONE, Limits.DEFAULT);
        session.describe(new Target(4711, "com.acme.Main", "17.0.15", 2, START));
        Stack stack = new Stack(List.of(new Frame("com.acme.Cache", "get", "()V", "Cache.java", 42, 1)));
        for (int i = 0; i < 10; i++) {
            Instant at = START.plusMillis(1000L * i + 900);
            session.accept(new Fact.ThreadStates(at, i, Map.of(5L, 'B'), Map.of(5L, WORKER.name()), -1, 0, 1));
            session.accept(new Fact.WaitEnded(
                    at,
                    Duration.ofMillis(800),
                    WaitKind.MONITOR,
                    new LockRef("com.acme.Cache", "1"),
                    WORKER,
                    null,
                    new ThreadRef(6, "holder", false, 78),
                    stack,
                    1,
                    true,
                    true));
            session.accept(new Fact.QueueTotals(
                    at,
                    Duration.ofSeconds(1),
                    new LockRef("java.util.concurrent.ArrayBlockingQueue", "2"),
                    100,
                    3,
                    1,
                    Duration.ofMillis(1),
                    Histogram.of(1_000_000),
                    0,
                    Duration.ZERO,
                    Histogram.EMPTY,
                    Duration.ZERO,
                    null));
            session.accept(pool(at, "3", 4));
            session.accept(pool(at, "4", 0));
            session.accept(park(at, 2));
        }
        return Report.of(session, Findings.check(session, new Range(START, START.plusSeconds(10))), 640);
    }

    /** @param size threads; without any it has no tasks either */
    private static Fact.PoolTotals pool(Instant at, String identity, int size) {
        return new Fact.PoolTotals(
                at,
                Duration.ofSeconds(1),
                "java.util.concurrent.ThreadPoolExecutor",
                identity,
                "pool-#",
                "threads",
                size,
                4,
                4,
                size / 2,
                Duration.ofSeconds(size / 2),
                0,
                -1,
                25L * size,
                25L * size,
                0,
                25L * size / 2,
                Duration.ofMillis(size),
                Duration.ofMillis(250L * size),
                12.5 * size * 4e8,
                Duration.ofMillis(25L * size),
                Duration.ofMillis(250L * size),
                Histogram.of(100_000),
                Histogram.of(20_000_000),
                0,
                PoolSamples.NONE,
                null);
    }

    /** Of which neither lock nor place is known. */
    private static Fact.LockTotals park(Instant at, long millis) {
        return new Fact.LockTotals(
                at,
                Duration.ofSeconds(1),
                WaitKind.PARK,
                new LockRef("", "0"),
                1,
                Duration.ofMillis(millis),
                Duration.ofMillis(millis),
                Histogram.of(millis * 1_000_000),
                0,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false);
    }

    @Test
    void whatIsLeftOfAPoolAndParksOfAMomentAreNoRows() {
        JsonNode tree = report().tree();

        assertThat(tree.path("pools")).hasSize(1);
        assertThat(tree.path("locks"))
                .noneMatch(lock -> lock.path("kind").asText().equals("park"));
        Session session = new Session(LockNaming.NONE, Limits.DEFAULT);
        session.accept(park(START, 400));
        assertThat(Report.of(session, Findings.check(session, new Range(START, START.plusSeconds(10))), 640)
                        .tree()
                        .path("locks"))
                .as("long parks")
                .hasSize(1);
    }

    @Test
    void waitsWhoseEndsWereNotSeenAreThere() {
        Session session = new Session(LockNaming.NONE, Limits.DEFAULT);
        session.accept(new Fact.LockTotals(
                START,
                Duration.ofSeconds(1),
                WaitKind.OBJECT_WAIT,
                new LockRef("com.acme.Cache", "1"),
                0,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Duration.ZERO,
                3,
                true));

        JsonNode locks = Report.of(session, Findings.check(session, new Range(START, START.plusSeconds(10))), 640)
                .tree()
                .path("locks");

        assertThat(locks).hasSize(1);
        assertThat(locks.get(0).path("waitTotal").asLong()).isEqualTo(3_000_000_000L);
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void allFieldsOfTheContractAreThere() {
        JsonNode tree = report().tree();

        assertThat(tree.path("schema").asText()).isEqualTo("lockjam-report/1");
        assertThat(names(tree))
                .contains("schema", "target", "window", "cost", "findings", "locks", "queues", "pools", "threads");
        assertThat(names(tree.path("target"))).contains("pid", "mainClass", "jdk", "cpus", "startedAt");
        assertThat(names(tree.path("window"))).contains("from", "to", "seconds");
        assertThat(names(tree.path("cost"))).contains("agentCpuShare", "eventsPerSecond", "droppedEvents", "attachMs");
        JsonNode finding = tree.path("findings").get(0);
        assertThat(names(finding))
                .contains(
                        "kind",
                        "severity",
                        "id",
                        "title",
                        "why",
                        "advice",
                        "impact",
                        "where",
                        "subject",
                        "threads",
                        "evidence");
        assertThat(names(finding.path("impact"))).contains("threadSecondsPerSecond", "threads");
        assertThat(names(finding.path("where").get(0))).contains("role", "class", "method", "line", "file");
        assertThat(names(finding.path("subject"))).contains("type", "class", "name", "identity");
    }

    @Test
    void allFieldsOfTheWindowsAreThere() {
        JsonNode tree = report().tree();

        JsonNode lock = tree.path("locks").get(0);
        assertThat(names(lock))
                .contains(
                        "kind",
                        "class",
                        "name",
                        "sampled",
                        "contentions",
                        "waitTotal",
                        "waitP50",
                        "waitP99",
                        "waitMax",
                        "sites",
                        "blame");
        assertThat(names(lock.path("sites").get(0))).contains("class", "method", "line", "file");
        assertThat(names(lock.path("blame").get(0))).contains("waiter", "holder", "wait");
        assertThat(lock.path("waitTotal").asLong()).isEqualTo(8_000_000_000L);
        assertThat(names(tree.path("queues").get(0)))
                .contains("class", "name", "capacity", "depthMean", "depthMax", "putWait", "takeWait");
        JsonNode pool = tree.path("pools").get(0);
        assertThat(names(pool))
                .contains(
                        "class",
                        "name",
                        "size",
                        "maxSize",
                        "busyMean",
                        "queueDepthMean",
                        "arrivalsPerSecond",
                        "serviceMeanMs",
                        "cpuShare",
                        "queueWaitP99Ms",
                        "rejected",
                        "recommended");
        assertThat(names(pool.path("recommended"))).contains("threads", "why", "predicted");
        assertThat(pool.path("recommended")
                        .path("predicted")
                        .path("queueWaitMeanMs")
                        .isNumber())
                .isTrue();
        assertThat(pool.path("serviceMeanMs").asDouble()).isEqualTo(20.0);
        JsonNode thread = tree.path("threads").get(0);
        assertThat(names(thread))
                .contains(
                        "name",
                        "osId",
                        "virtual",
                        "group",
                        "cpuShare",
                        "blockedShare",
                        "waitingShare",
                        "voluntarySwitchesPerSecond",
                        "involuntarySwitchesPerSecond",
                        "runQueueWaitShare");
        assertThat(thread.path("runQueueWaitShare").isNull())
                .as("not read, so not 0")
                .isTrue();
    }

    @Test
    void theJsonIsOneObject() throws Exception {
        assertThat(new ObjectMapper().readTree(report().json()))
                .isEqualTo(new ObjectMapper().readTree(report().json()));
    }

    @Test
    void pagesCarryNoForeignMarkupAndNoScript() {
        assertThat(report().html())
                .contains("Cache.java:42")
                .doesNotContain("<b>worker")
                .doesNotContain("<script");
        String markdown = report().markdown();
        assertThat(markdown).contains("lock-contention", "`<b>worker");
        assertThat(markdown.replaceAll("`[^`]*`", "")).doesNotContain("<");
    }

    @Test
    void sarifPointsAtTheLine() throws Exception {
        JsonNode run =
                new ObjectMapper().readTree(report().sarif()).path("runs").get(0);
        JsonNode result = run.path("results").get(0);

        assertThat(run.path("tool").path("driver").path("name").asText()).isEqualTo("Lockjam");
        assertThat(result.path("ruleId").asText()).isEqualTo("lock-contention");
        JsonNode physical = result.path("locations").get(0).path("physicalLocation");
        assertThat(physical.path("artifactLocation").path("uri").asText()).isEqualTo("com/acme/Cache.java");
        assertThat(physical.path("region").path("startLine").asInt()).isEqualTo(42);
    }

    @Test
    void sarifKeepsTheRulesOfTheStandard() throws Exception {
        JsonNode root = new ObjectMapper().readTree(report().sarif());
        JsonNode run = root.path("runs").get(0);
        JsonNode rules = run.path("tool").path("driver").path("rules");

        assertThat(root.path("version").asText()).isEqualTo("2.1.0");
        assertThat(rules).isNotEmpty();
        for (JsonNode result : run.path("results")) {
            int rule = result.path("ruleIndex").asInt(-1);
            assertThat(rules.path(rule).path("id").asText())
                    .isEqualTo(result.path("ruleId").asText());
            assertThat(result.path("level").asText()).isIn("error", "warning", "note");
            assertThat(result.path("message").path("text").asText()).isNotBlank();
            for (JsonNode place : result.path("locations")) {
                JsonNode physical = place.path("physicalLocation");
                assertThat(URI.create(
                                physical.path("artifactLocation").path("uri").asText()))
                        .isNotNull();
                assertThat(physical.path("region").path("startLine").asInt(1)).isPositive();
            }
            Set<Integer> ids = new HashSet<>();
            for (JsonNode place : result.path("relatedLocations")) {
                assertThat(ids.add(place.path("id").asInt())).isTrue();
            }
        }
    }
}
