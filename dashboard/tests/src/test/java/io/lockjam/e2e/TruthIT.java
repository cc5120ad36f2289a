// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Totals against a program whose threads add up their own waits, on every primitive at the same time. */
final class TruthIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int SECONDS = 6;

    /** What is sampled some ten times a second needs longer. */
    private static final int SAMPLED_SECONDS = 15;

    /** The program ends while it is watched, a little after its last wait, when all sums have left it. */
    private static final int TARGET_ENDED = 5;

    private static final Percentage EXACT = Percentage.withPercentage(2);

    /** Monitors of virtual threads: JFR tells none of them, so they are sampled. */
    private static final Percentage SAMPLED = Percentage.withPercentage(20);

    /** The share of the waited time of which the holder must be known. */
    private static final double OWNED = 0.95;

    private static final Set<String> EXCLUSIVE = Set.of("monitor", "lock", "write");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void waitsOfPlatformThreadsAddUp(Jdk jdk) throws Exception {
        compare(jdk, "platform", SECONDS);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void waitsOfVirtualThreadsAddUp(Jdk jdk) throws Exception {
        if (jdk.feature() >= 21) {
            compare(jdk, "virtual", SAMPLED_SECONDS);
        }
    }

    private void compare(Jdk jdk, String threads, int seconds) throws Exception {
        Path start = folder.resolve("start");
        List<String> command = List.of(
                jdk.java().toString(),
                "-cp",
                Program.property("lockjam.demosJar"),
                "io.lockjam.demo.truth.Truth",
                "all",
                threads,
                Integer.toString(seconds),
                start.toString());
        try (Program truth = Program.start(command)) {
            truth.awaitLine(line -> line.startsWith("ready"));
            Program audit = Program.lockjam(
                    jdk, "audit", Long.toString(truth.pid()), "--for", "60s", "--races", "off", "--json", "-");
            audit.awaitError(line -> line.startsWith("Attached"));
            Files.createFile(start);
            assertThat(audit.await(LIMIT)).as(audit.transcript()).isEqualTo(TARGET_ENDED);
            assertThat(truth.await(LIMIT)).as(truth.transcript()).isZero();
            check(truths(truth.output()), AuditReport.parse(audit.output()), threads.equals("virtual"));
        }
    }

    private static List<JsonNode> truths(String output) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> truths = new ArrayList<>();
        for (String line : output.lines().filter(each -> each.startsWith("{")).toList()) {
            truths.add(mapper.readTree(line));
        }
        return truths;
    }

    private static void check(List<JsonNode> truths, AuditReport report, boolean virtual) {
        Map<String, Double> told = new LinkedHashMap<>();
        truths.forEach(truth ->
                told.merge(key(truth, virtual), truth.path("waitedNanos").asDouble() / 1e6, Double::sum));
        SoftAssertions softly = new SoftAssertions();
        told.forEach((key, millis) -> {
            boolean sampled = virtual && (key.startsWith("monitor ") || key.startsWith("object-wait "));
            softly.assertThat(ours(report, key)).as(key + ", ms").isCloseTo(millis, sampled ? SAMPLED : EXACT);
        });
        if (!virtual) {
            EXCLUSIVE.forEach(kind -> {
                softly.assertThat(ofKnownOwners(report, kind))
                        .as("owners of " + kind + " in " + rows(report, kind))
                        .isGreaterThanOrEqualTo(OWNED);
            });
        }
        softly.assertAll();
    }

    /** Waits of one kind on one class are told apart by no more than that in the report. The end of a virtual thread is a latch of the JDK. */
    private static String key(JsonNode truth, boolean virtual) {
        String key = truth.path("kind").asText() + " " + truth.path("class").asText();
        return virtual && key.equals("join Thread") ? "latch CountDownLatch" : key;
    }

    private static double ours(AuditReport report, String key) {
        String kind = key.substring(0, key.indexOf(' '));
        String type = key.substring(key.indexOf(' ') + 1);
        double nanos = 0;
        for (JsonNode lock : report.root().path("locks")) {
            if (lock.path("kind").asText().equals(kind) && simple(lock).equals(type)) {
                nanos += lock.path("waitTotal").asDouble();
            }
        }
        for (JsonNode queue : report.root().path("queues")) {
            if (kind.startsWith("queue-") && simple(queue).equals(type)) {
                nanos += kind.equals("queue-put")
                        ? queue.path("putWait").asDouble()
                        : queue.path("takeWait").asDouble()
                                + queue.path("idleTakeWait").asDouble();
            }
        }
        return nanos / 1e6;
    }

    private static String simple(JsonNode row) {
        String name = row.path("class").asText();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }

    private static List<JsonNode> rows(AuditReport report, String kind) {
        List<JsonNode> rows = new ArrayList<>();
        report.root().path("locks").forEach(rows::add);
        rows.removeIf(lock -> !lock.path("kind").asText().equals(kind));
        return rows;
    }

    private static double ofKnownOwners(AuditReport report, String kind) {
        double known = 0;
        double all = 0;
        for (JsonNode lock : rows(report, kind)) {
            all += lock.path("waitTotal").asDouble();
            for (JsonNode owner : lock.path("owners")) {
                known += owner.path("wait").asDouble();
            }
        }
        return known / all;
    }
}
