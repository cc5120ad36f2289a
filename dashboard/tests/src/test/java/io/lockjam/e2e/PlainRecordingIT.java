// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings by the JDK's own settings, made without us: told is what they tell, and what they do not is named. */
final class PlainRecordingIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int MILLIS = 4_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    /** The JDK's settings that a recording is made by. */
    record Plain(Jdk jdk, String settings) {
        @Override
        public String toString() {
            return settings + " of " + jdk;
        }
    }

    static Stream<Plain> recordings() {
        return Jdk.all().stream().flatMap(jdk -> Stream.of(new Plain(jdk, "default"), new Plain(jdk, "profile")));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void tellsWhatItCanAndNamesTheRest(Plain plain) {
        Path file = folder.resolve("plain.jfr");
        Program program = Program.start(List.of(
                plain.jdk().java().toString(),
                "-XX:StartFlightRecording:filename=" + file + ",settings=" + plain.settings(),
                "-cp",
                Program.property("lockjam.testClasses"),
                Mixed.class.getName(),
                Integer.toString(MILLIS)));
        assertThat(program.await(LIMIT)).as(program.transcript()).isZero();
        Program audit = Program.lockjam(plain.jdk(), "audit", file.toString(), "--json", "-", "-q");
        assertThat(audit.await(LIMIT)).as(audit.transcript()).isZero();

        AuditReport report = AuditReport.parse(audit.output());
        boolean dumps = plain.settings().equals("default"); // the other settings take one a minute
        assertThat(report.kinds()).as(report.summary()).contains("global-lock");
        assertThat(report.kinds().contains("deadlock")).isEqualTo(dumps);
        isRecorded(report.root().path("target"), program, plain.jdk());
        assertThat(report.root().path("locks"))
                .anySatisfy(lock ->
                        isWaitedFor(lock, "monitor", "io.lockjam.e2e.Mixed$Shared", "io.lockjam.e2e.Mixed.MONITOR"))
                .anySatisfy(lock -> isWaitedFor(
                        lock, "lock", "java.util.concurrent.locks.ReentrantLock", "io.lockjam.e2e.Mixed.LOCK"));
        assertThat(report.root().path("notJudged"))
                .extracting(each -> each.path("kind").asText())
                .contains("data-race", "pool-oversized", "lost-wakeup")
                .doesNotHaveDuplicates()
                .doesNotContain(dumps ? "deadlock" : "busy-wait");
        assertThat(audit.errors()).isEmpty();
    }

    private static void isRecorded(JsonNode target, Program program, Jdk jdk) {
        assertThat(target.path("pid").asLong()).isEqualTo(program.pid());
        assertThat(target.path("mainClass").asText()).isEqualTo(Mixed.class.getName());
        assertThat(target.path("jdk").asText()).startsWith(jdk.feature() + ".");
        assertThat(target.path("cpus").asInt()).isPositive();
        assertThat(Instant.parse(target.path("startedAt").asText())).isBefore(Instant.now());
    }

    /** @param name as the code has it: its class files lie where the recording says */
    private static void isWaitedFor(JsonNode lock, String kind, String className, String name) {
        assertThat(lock.path("name").asText()).isEqualTo(name);
        assertThat(lock.path("kind").asText()).isEqualTo(kind);
        assertThat(lock.path("class").asText()).isEqualTo(className);
        assertThat(lock.path("contentions").asLong()).isPositive();
    }
}
