// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each demo says its findings when it is broken and none of them when it is fixed; both run side by side. */
final class DemoPairsIT {
    private static final Duration WINDOW = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /**
     * The demos to run: those of the lock findings, which a loaded machine of two cores does not disturb. Others by
     * {@code -Dlockjam.demos=oversized-pool,busy-wait}, all by {@code -Dlockjam.demos=all}.
     */
    private static final Set<String> CHOSEN = Set.of(System.getProperty(
                    "lockjam.demos", "hot-lock,lock-convoy,lock-across-io,deadlock,deadlock-virtual,thread-life")
            .split(","));

    private static final Set<String> NEEDS_VIRTUAL_THREADS =
            Set.of("deadlock-virtual", "pinned-carrier", "carriers-busy");

    /** A line of {@code Demos --list}. */
    record Listed(String name, Set<String> kinds, String says) {
        static Listed parse(String line) {
            String[] cells = line.split("\t");
            return new Listed(cells[0], new TreeSet<>(Arrays.asList(cells[1].split(" "))), cells[2]);
        }
    }

    @TestFactory
    Stream<DynamicContainer> findingAppearsInTheBrokenVariantOnly() {
        return Jdk.all().stream()
                .map(jdk -> DynamicContainer.dynamicContainer(
                        jdk.toString(),
                        listed(jdk).stream().map(demo -> DynamicTest.dynamicTest(demo.name(), () -> pair(jdk, demo)))));
    }

    private static List<Listed> listed(Jdk jdk) {
        Program list = Program.demo(jdk, "--list", false);
        assertThat(list.await(LIMIT)).isZero();
        return list.output()
                .lines()
                .map(Listed::parse)
                .filter(demo -> !demo.kinds().contains("none"))
                .filter(demo -> CHOSEN.contains("all") || CHOSEN.contains(demo.name()))
                .filter(demo -> jdk.feature() >= 21 || !NEEDS_VIRTUAL_THREADS.contains(demo.name()))
                .toList();
    }

    private static void pair(Jdk jdk, Listed demo) {
        try (Program broken = Program.demo(jdk, demo.name(), false);
                Program fixed = Program.demo(jdk, demo.name(), true)) {
            CompletableFuture<AuditReport> cured = CompletableFuture.supplyAsync(() -> audit(jdk, fixed));
            AuditReport report = audit(jdk, broken);
            assertThat(report.kinds())
                    .as("broken %s on %s:%n%s", demo.name(), jdk, report.summary())
                    .containsAll(demo.kinds());
            AuditReport quiet = cured.join();
            assertThat(quiet.kinds())
                    .as("fixed %s on %s:%n%s", demo.name(), jdk, quiet.summary())
                    .doesNotContainAnyElementsOf(demo.kinds());
        }
    }

    private static AuditReport audit(Jdk jdk, Program target) {
        target.awaitLine(line -> true);
        Program audit = Program.lockjam(
                jdk, "audit", Long.toString(target.pid()), "--for", WINDOW.toSeconds() + "s", "--json", "-");
        int code = audit.await(LIMIT);
        assertThat(code).as(audit.transcript()).isIn(0, 1);
        return AuditReport.parse(audit.output());
    }
}
