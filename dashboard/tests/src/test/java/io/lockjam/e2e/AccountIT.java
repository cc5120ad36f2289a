// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the time of threads went, against threads that measure themselves. */
final class AccountIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** In percentage points; more by what the thread cannot explain itself, as where the machine took the core from all. */
    private static final double CLOSE = 3;

    private static final String UNKNOWN = "unknown";

    /** Sums of each thread since the start of the program, by part, in nanoseconds. */
    private record Line(Instant at, Map<String, Map<String, Double>> sums) {}

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void sharesOfThreadsAreWhatTheyMeasuredThemselves(Jdk jdk) throws Exception {
        List<String> command = List.of(
                jdk.java().toString(), "-cp", Program.property("lockjam.demosJar"), "io.lockjam.demo.truth.Shares");
        try (Program shares = Program.start(command)) {
            shares.awaitLine(line -> line.contains("truth-worker"));
            Program audit = Program.lockjam(
                    jdk, "audit", Long.toString(shares.pid()), "--for", "15s", "--races", "off", "--json", "-");
            assertThat(audit.await(LIMIT)).as(audit.transcript()).isBetween(0, 1);
            AuditReport report = AuditReport.parse(audit.output());
            Instant from =
                    Instant.parse(report.root().path("window").path("from").asText());
            Instant to = Instant.parse(report.root().path("window").path("to").asText());
            shares.awaitLine(line -> line.startsWith("{") && !line(line).at().isBefore(to));
            compare(report, sumsAt(from, shares.output()), sumsAt(to, shares.output()), Duration.between(from, to));
        }
    }

    private static void compare(
            AuditReport report,
            Map<String, Map<String, Double>> begin,
            Map<String, Map<String, Double>> end,
            Duration window) {
        SoftAssertions softly = new SoftAssertions();
        int compared = 0;
        for (JsonNode thread : report.root().path("threads")) {
            String name = thread.path("name").asText();
            Map<String, Double> sums = end.getOrDefault(name, Map.of());
            Map<String, Double> before = begin.getOrDefault(name, Map.of());
            double unexplained = percent(before, sums, UNKNOWN, window);
            for (String part : sums.keySet()) {
                softly.assertThat(told(thread.path("account"), part))
                        .as("%s, %s, %%", name, part)
                        .isCloseTo(percent(before, sums, part, window), Offset.offset(CLOSE + unexplained));
                compared++;
            }
        }
        softly.assertThat(compared).as("parts").isGreaterThan(20);
        softly.assertAll();
    }

    private static double percent(Map<String, Double> begin, Map<String, Double> end, String part, Duration window) {
        return Math.max(0, 100 * (end.getOrDefault(part, 0.0) - begin.getOrDefault(part, 0.0)) / window.toNanos());
    }

    /** A thread does not know of a pause of the JVM: it is what it cannot explain. */
    private static double told(JsonNode account, String part) {
        double share = account.path(part).asDouble();
        return 100 * (part.equals(UNKNOWN) ? share + account.path("pause").asDouble() : share);
    }

    private static Map<String, Map<String, Double>> sumsAt(Instant at, String output) {
        List<Line> lines = output.lines()
                .filter(each -> each.startsWith("{"))
                .map(AccountIT::line)
                .toList();
        List<Line> earlier = new ArrayList<>(lines);
        earlier.removeIf(line -> line.at().isAfter(at));
        Line before = earlier.get(earlier.size() - 1);
        Line after = lines.get(Math.min(earlier.size(), lines.size() - 1));
        double share = before.at().equals(after.at())
                ? 0
                : (double) Duration.between(before.at(), at).toNanos()
                        / Duration.between(before.at(), after.at()).toNanos();
        Map<String, Map<String, Double>> sums = new TreeMap<>();
        after.sums().forEach((thread, parts) -> {
            Map<String, Double> between = new TreeMap<>();
            parts.forEach((part, nanos) -> {
                double old = before.sums().getOrDefault(thread, Map.of()).getOrDefault(part, 0.0);
                between.put(part, old + share * (nanos - old));
            });
            sums.put(thread, between);
        });
        return sums;
    }

    private static Line line(String text) {
        try {
            JsonNode root = new ObjectMapper().readTree(text);
            Map<String, Map<String, Double>> sums = new TreeMap<>();
            root.properties().forEach(thread -> {
                Map<String, Double> parts = new TreeMap<>();
                thread.getValue()
                        .properties()
                        .forEach(
                                part -> parts.put(part.getKey(), part.getValue().asDouble()));
                sums.put(thread.getKey(), parts);
            });
            sums.remove("at");
            return new Line(Instant.parse(root.path("at").asText()), sums);
        } catch (IOException notJson) {
            throw new IllegalArgumentException(text, notJson);
        }
    }
}
