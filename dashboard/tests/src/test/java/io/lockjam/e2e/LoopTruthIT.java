// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hold-ups of event loops, against loops that measure their own. */
final class LoopTruthIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final double CLOSE_MILLIS = 10;
    private static final double FOUND = 0.99;

    /** A hold-up so much longer than it was meant is the machine's, where computing is concerned. */
    private static final double STRETCHED = 1.25;

    /** Longer than any hold-up that is not stretched: what ends so close to an end of the window may count or not. */
    private static final Duration EDGE = Duration.ofMillis(250);

    private record HoldUp(String loop, Instant at, double millis, double meant) {
        boolean isStretched() {
            return millis > STRETCHED * meant;
        }
    }

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void holdUpsAreFoundAndAsLongAsTheyWere(Jdk jdk) throws Exception {
        List<String> command = List.of(
                jdk.java().toString(), "-cp", Program.property("lockjam.demosJar"), "io.lockjam.demo.truth.Loops");
        try (Program loops = Program.start(command)) {
            loops.awaitLine(line -> line.contains("truth-waits"));
            Program audit = Program.lockjam(
                    jdk, "audit", Long.toString(loops.pid()), "--for", "15s", "--races", "off", "--json", "-");
            assertThat(audit.await(LIMIT)).as(audit.transcript()).isZero();
            AuditReport report = AuditReport.parse(audit.output());
            Instant from = instant(report.root().path("window").path("from"));
            Instant to = instant(report.root().path("window").path("to"));
            loops.awaitLine(line -> line.startsWith("{") && holdUp(line).at().isAfter(to.plus(EDGE)));
            List<HoldUp> all = loops.output()
                    .lines()
                    .filter(line -> line.startsWith("{"))
                    .map(LoopTruthIT::holdUp)
                    .toList();
            SoftAssertions softly = new SoftAssertions();
            for (String loop : List.of("truth-computes", "truth-sleeps", "truth-waits")) {
                compare(
                        loop,
                        finding(report, loop),
                        in(all, loop, from.plus(EDGE), to.minus(EDGE)).stream()
                                .filter(each -> !each.isStretched())
                                .toList(),
                        in(all, loop, from.minus(EDGE), to.plus(EDGE)),
                        softly);
            }
            softly.assertAll();
        }
    }

    private static void compare(
            String loop, JsonNode told, List<HoldUp> surely, List<HoldUp> atMost, SoftAssertions softly) {
        int count = told.path("evidence").path("holdUps").asInt();
        double longest = told.path("evidence").path("longest").asDouble() / 1e6;
        double mean = told.path("evidence").path("total").asDouble() / 1e6 / Math.max(1, count);
        softly.assertThat(surely).as(loop).hasSizeGreaterThan(10);
        softly.assertThat((double) count).as("hold-ups of " + loop).isBetween(FOUND * surely.size(), (double)
                atMost.size());
        softly.assertThat(longest)
                .as("longest of " + loop + ", ms")
                .isBetween(longest(surely) - CLOSE_MILLIS, longest(atMost) + CLOSE_MILLIS);
        if (atMost.stream().noneMatch(HoldUp::isStretched)) {
            softly.assertThat(mean).as("mean of " + loop + ", ms").isCloseTo(mean(surely), Offset.offset(CLOSE_MILLIS));
        }
    }

    private static double mean(List<HoldUp> holdUps) {
        return holdUps.stream().mapToDouble(HoldUp::millis).average().orElse(0);
    }

    private static double longest(List<HoldUp> holdUps) {
        return holdUps.stream().mapToDouble(HoldUp::millis).max().orElse(0);
    }

    private static List<HoldUp> in(List<HoldUp> all, String loop, Instant from, Instant to) {
        return all.stream()
                .filter(each -> each.loop().equals(loop)
                        && each.at().isAfter(from)
                        && each.at().isBefore(to))
                .toList();
    }

    private static JsonNode finding(AuditReport report, String loop) {
        return report.findings().stream()
                .filter(each -> each.path("kind").asText().equals("event-loop-blocked")
                        && each.path("threads").toString().contains('"' + loop + '"'))
                .findFirst()
                .orElseThrow(() -> new AssertionError(loop + " is not told: " + report.summary()));
    }

    private static Instant instant(JsonNode text) {
        return Instant.parse(text.asText());
    }

    private static HoldUp holdUp(String text) {
        try {
            JsonNode line = new ObjectMapper().readTree(text);
            return new HoldUp(
                    line.path("loop").asText(),
                    instant(line.path("at")),
                    line.path("nanos").asDouble() / 1e6,
                    line.path("meant").asDouble() / 1e6);
        } catch (IOException notJson) {
            throw new UncheckedIOException(text, notJson);
        }
    }
}
