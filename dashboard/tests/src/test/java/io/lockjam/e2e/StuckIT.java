// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockjam.e2e.stuck.Stuck;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that stood still before anybody looked: each is told by the rule that can, and their sound twins by none. */
final class StuckIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** The agent tells few stacks a second, and each thread has to be seen before one can say that nobody comes. */
    private static final String LONG_ENOUGH = "14s";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void eachIsToldAndItsTwinIsNot(Jdk jdk) {
        List<String> command =
                List.of(jdk.java().toString(), "-cp", Program.property("lockjam.testClasses"), Stuck.class.getName());
        try (Program stuck = Program.start(command)) {
            stuck.awaitLine(line -> line.equals("stuck"));
            Program audit = Program.lockjam(
                    jdk, "audit", Long.toString(stuck.pid()), "--for", LONG_ENOUGH, "--races", "off", "--json", "-");
            assertThat(audit.await(LIMIT)).as(audit.transcript()).isZero();
            check(AuditReport.parse(audit.output()));
        }
    }

    private static void check(AuditReport report) {
        SoftAssertions softly = new SoftAssertions();
        tells(
                report,
                softly,
                "lost-wakeup",
                "forgotten-guest waits for a signal on ForgottenSignal (this) that no code gives");
        tells(
                report,
                softly,
                "lost-wakeup",
                "drained-consumer waits for an element of DrainedQueue.LINES, and nobody puts one there any more");
        tells(report, softly, "lost-wakeup", "never-client waits for a result that nobody computes");
        tells(report, softly, "lost-wakeup", "part-page waits for a result that does not come");
        tells(report, softly, "lost-wakeup", "count-server waits for a count of MissingCount.READY that does not come");
        tells(report, softly, "pool-starvation", "own-end runs a task of own-end that waits for own-end itself to end");
        tells(report, softly, "deadlock", "permit-printer and permit-copier wait for each other for ever");
        tells(report, softly, "deadlock", "One of child-unread and sound-child waits for the program yes");
        tells(report, softly, "lock-held-across-blocking", "hold-next waits for LongHold.TILL, held by hold-cashier");
        tells(
                report,
                softly,
                "lock-contention",
                "class-second waits for the class SlowClass$Prices to be initialised, which class-first does");
        tells(report, softly, "event-loop-blocked", "Cleaner-0 sleeps");
        softly.assertThat(report.findings())
                .filteredOn(each -> each.path("threads").toString().contains("sound-"))
                .extracting(each -> each.path("title").asText())
                .as("sound")
                .allMatch(title -> title.startsWith("One of child-unread"));
        softly.assertAll();
    }

    private static void tells(AuditReport report, SoftAssertions softly, String kind, String title) {
        softly.assertThat(report.findings())
                .as(kind + ": " + title + " in\n" + report.summary())
                .anyMatch(each -> isOf(each, kind, title));
    }

    private static boolean isOf(JsonNode finding, String kind, String title) {
        return finding.path("kind").asText().equals(kind)
                && finding.path("title").asText().contains(title);
    }
}
