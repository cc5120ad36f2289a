// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The OpenTelemetry agent, which changes the same classes, before and after ours: both do their work. */
final class OpenTelemetryIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SPAN = "LoggingSpanExporter - 'GET";
    private static final String THEIRS = "-javaagent:" + Program.property("lockjam.otherAgent");
    private static final String OURS = "-javaagent:" + Program.property("lockjam.agentJar");

    /** Agents on the command line, in their order. */
    record Order(Jdk jdk, List<String> agents) {
        @Override
        public String toString() {
            return jdk + (agents.size() == 1 ? ", attached" : agents.get(0).equals(THEIRS) ? ", after" : ", before");
        }
    }

    static Stream<Order> orders() {
        List<Jdk> jdks = Jdk.all();
        Jdk newest = jdks.get(jdks.size() - 1);
        return Stream.of(
                new Order(jdks.get(0), List.of(THEIRS)),
                new Order(newest, List.of(THEIRS, OURS)),
                new Order(newest, List.of(OURS, THEIRS)));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void bothSeeTheProgram(Order order) {
        try (Program target = start(order)) {
            Awaitility.await().atMost(LIMIT).until(() -> spans(target) > 0);
            Program audit = Program.lockjam(
                    order.jdk(),
                    "audit",
                    Long.toString(target.pid()),
                    "--for",
                    "3s",
                    "--depth",
                    "light",
                    "--json",
                    "-");
            assertThat(audit.await(LIMIT)).as(audit.transcript()).isZero();
            long before = spans(target);
            Awaitility.await().atMost(LIMIT).until(() -> spans(target) > before);

            AuditReport report = AuditReport.parse(audit.output());
            assertThat(report.root().path("locks")).anySatisfy(lock -> {
                assertThat(lock.path("name").asText()).isEqualTo("io.lockjam.e2e.Requests.LOCK");
                assertThat(lock.path("contentions").asLong()).isPositive();
            });
            assertThat(report.root().path("pools")).anySatisfy(OpenTelemetryIT::isTheHandlers);
            assertThat(target.errors()).doesNotContain("VerifyError", "lockjam: not ");
            assertThat(audit.errors()).doesNotContain("Not woven", "removed");
        }
    }

    private static void isTheHandlers(JsonNode pool) {
        assertThat(pool.path("size").asInt()).isEqualTo(3);
        assertThat(pool.path("arrivalsPerSecond").asDouble()).isPositive();
    }

    private static Program start(Order order) {
        List<String> command = new ArrayList<>(List.of(order.jdk().java().toString()));
        command.addAll(order.agents());
        command.addAll(List.of(
                "-Dotel.traces.exporter=console",
                "-Dotel.metrics.exporter=none",
                "-Dotel.logs.exporter=none",
                "-Dotel.bsp.schedule.delay=200",
                "-cp",
                Program.property("lockjam.testClasses"),
                Requests.class.getName()));
        return Program.start(command);
    }

    private static long spans(Program target) {
        return target.errors().lines().filter(line -> line.contains(SPAN)).count();
    }
}
