// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lockjam or its target is ended while it is at work; whichever is left goes on, and says what happened. */
final class SignalsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** What {@code attach -v} says, in this order, on its way in. */
    private static final List<String> STAGES =
            List.of("starting the recording", "loading the agent", "weaving the hooks", "attached");

    /** What a shell starts in the background ignores SIGINT, and so do its children. */
    private static final List<String> HEEDS_SIGINT = List.of("env", "--default-signal=INT");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLockjamThatIsKilledHarmsNobody(Jdk jdk) throws Exception {
        try (Program target = working(jdk)) {
            for (String stage : STAGES) {
                try (Program lockjam = Program.lockjam(jdk, "attach", pid(target), "--no-open", "-v")) {
                    lockjam.awaitError(stage::equals);
                    lockjam.signal("KILL");
                    assertThat(lockjam.await(LIMIT)).isEqualTo(137);
                }
            }
            Program again =
                    Program.lockjam(jdk, "audit", pid(target), "--for", "2s", "--depth", "light", "--json", "-");
            assertThat(again.await(LIMIT)).as(again.transcript()).isZero();
            assertThat(AuditReport.parse(again.output()).root().path("locks")).isNotEmpty();
            Program detach = Program.lockjam(jdk, "detach", pid(target));
            assertThat(detach.await(LIMIT)).as(detach.transcript()).isZero();
            assertThat(detach.errors()).contains("Nothing of ours is in");
            assertGoesOn(jdk, target);
        }
    }

    @Test
    void controlCEndsEachCommandAndLeavesTheTarget() throws Exception {
        Jdk jdk = Jdk.all().get(0);
        try (Program target = working(jdk)) {
            interrupt(jdk, "attach", pid(target), "--no-open");
            interrupt(jdk, "top", pid(target));
            interrupt(jdk, "audit", pid(target));
            interrupt(jdk, "record", pid(target), "-o", folder.resolve("r.jfr").toString());
            assertThat(folder.resolve("r.jfr")).isNotEmptyFile();
            interrupt(jdk, "open", folder.resolve("r.jfr").toString(), "--no-open");
            interrupt(jdk, "demo", "hot-lock", "--no-open");
            assertGoesOn(jdk, target);
        }
    }

    @Test
    void theEndOfTheTargetIsTold() throws Exception {
        List<Jdk> jdks = Jdk.all();
        Jdk newest = jdks.get(jdks.size() - 1);
        ended(newest, "attach", "--for", "60s", "--no-open");
        ended(newest, "top");
        assertThat(ended(newest, "audit").output()).contains("lockjam").doesNotContain("1970");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatWasRecordedIsKeptWhenTheTargetEnds(Jdk jdk) throws Exception {
        for (String signal : List.of("TERM", "KILL")) {
            String file = folder.resolve(signal + ".jfr").toString();
            try (Program target = working(jdk);
                    Program record = Program.lockjam(jdk, "record", pid(target), "-o", file, "--for", "30s")) {
                record.awaitError(line -> line.startsWith("Recording: 1"));
                target.signal(signal);
                assertThat(record.await(LIMIT)).as(record.transcript()).isEqualTo(5);
                assertThat(record.errors()).contains("ended", "until then").doesNotContain("\tat ");
            }
            Program audit = Program.lockjam(jdk, "audit", file, "--json", "-");
            audit.await(LIMIT);
            assertThat(AuditReport.parse(audit.output()).root().path("locks"))
                    .as(audit.transcript())
                    .isNotEmpty();
        }
    }

    private static Program ended(Jdk jdk, String command, String... options) {
        try (Program target = working(jdk)) {
            Program lockjam = Program.lockjam(
                    jdk,
                    Stream.concat(Stream.of(command, pid(target)), Stream.of(options))
                            .toArray(String[]::new));
            lockjam.awaitError(line -> line.startsWith("Attached to"));
            target.signal("KILL");
            assertThat(lockjam.await(LIMIT)).as(lockjam.transcript()).isEqualTo(5);
            assertThat(lockjam.errors()).contains("ended").doesNotContain("\tat ");
            return lockjam;
        }
    }

    private static void interrupt(Jdk jdk, String... command) {
        List<String> heeding = new ArrayList<>(HEEDS_SIGINT);
        heeding.addAll(Program.lockjamCommand(jdk, command));
        try (Program lockjam = Program.start(heeding)) {
            if (command[0].equals("open")) {
                lockjam.awaitLine(line -> line.startsWith("http"));
            } else {
                lockjam.awaitError(line -> line.startsWith("Attached to"));
            }
            lockjam.signal("INT");
            assertThat(lockjam.await(LIMIT)).as(lockjam.transcript()).isEqualTo(130);
            assertThat(lockjam.errors()).doesNotContain("\tat ");
        }
    }

    private static Program working(Jdk jdk) {
        Program target = Program.demo(jdk, "hot-lock", false);
        target.awaitLine(line -> true);
        return target;
    }

    private static void assertGoesOn(Jdk jdk, Program target) throws IOException {
        assertThat(target.alive()).isTrue();
        assertThat(target.errors()).doesNotContain("lockjam:");
        Program ps = Program.lockjam(jdk, "ps", "--json", "-");
        assertThat(ps.await(LIMIT)).isZero();
        JsonNode all = new ObjectMapper().readTree(ps.output());
        assertThat(all).anySatisfy(jvm -> {
            assertThat(jvm.path("pid").asLong()).isEqualTo(target.pid());
            assertThat(jvm.path("attached").asBoolean()).isFalse();
        });
    }

    private static String pid(Program target) {
        return Long.toString(target.pid());
    }
}
