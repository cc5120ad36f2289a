// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent on the command line with races= and record=, and no lockjam process: its recording tells the races. */
final class FromTheStartIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void tellsRacesByTheirNames(Jdk jdk) {
        AuditReport report = record(jdk, "shared-hashmap", false);

        List<JsonNode> races = races(report);
        assertThat(races).as(report.summary()).isNotEmpty();
        assertThat(races.get(0).at("/subject/name").asText()).startsWith("io.lockjam.demo.");
        assertThat(races.get(0).at("/evidence/certainty").asText()).isIn("caught", "predicted");
    }

    @Test
    void tellsNoneOfWhatIsOrdered() {
        assertThat(races(record(Jdk.all().get(0), "shared-hashmap", true))).isEmpty();
    }

    private static List<JsonNode> races(AuditReport report) {
        return report.findings().stream()
                .filter(finding -> finding.path("kind").asText().equals("data-race"))
                .toList();
    }

    private AuditReport record(Jdk jdk, String demo, boolean fixed) {
        Path file = folder.resolve("run.jfr");
        String agent = "-javaagent:" + Program.property("lockjam.agentJar")
                + "=races=io.lockjam.demo.*,races-mode=predicted,record=" + file;
        try (Program program = Program.demo(jdk, demo, fixed, agent)) {
            program.awaitLine(line -> line.contains("carts kept")); // its threads have met by then
        }
        Program audit = Program.lockjam(jdk, "audit", file.toString(), "--json", "-");
        assertThat(audit.await(LIMIT)).as(audit.transcript()).isIn(0, 1);
        return AuditReport.parse(audit.output());
    }
}
