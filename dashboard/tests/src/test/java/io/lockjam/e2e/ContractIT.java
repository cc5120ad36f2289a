// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts rely on: exit codes, what is on standard output and what is not, formats; on one program and its recording. */
final class ContractIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // before the first test
    private static Program target;

    @SuppressWarnings("NullAway.Init") // before the first test
    private static Path recording;

    @BeforeAll
    static void record() {
        target = Program.demo(jdk(), "hot-lock", false);
        target.awaitLine(line -> true);
        recording = folder.resolve("recording.jfr");
        Program record = lockjam("record", "--for", "4s", "-o", recording.toString(), pid(), "-q");
        assertThat(record.await(LIMIT)).as(record.transcript()).isZero();
        assertThat(record.output()).isEmpty();
        assertThat(record.errors()).isEmpty();
    }

    @AfterAll
    static void end() {
        target.close();
    }

    @Test
    void listsTheJvmsInTheFormOfTheContract() throws Exception {
        JsonNode all = json("ps", "--json", "-");

        assertThat(all).anySatisfy(jvm -> {
            assertThat(jvm.path("pid").asLong()).isEqualTo(target.pid());
            assertThat(jvm.path("mainClass").asText()).isEqualTo("io.lockjam.demo.Demos");
            assertThat(jvm.path("jdk").asText()).startsWith(jdk().feature() + ".");
            assertThat(jvm.path("user").asText()).isNotEmpty();
            assertThat(jvm.path("uptimeMs").asLong()).isPositive();
            assertThat(jvm.path("attached").isBoolean()).isTrue();
            assertThat(jvm.path("attachable").asBoolean()).isTrue();
            assertThat(jvm.path("reason").isNull()).isTrue();
        });
    }

    @Test
    void listsTheDemosInTheFormOfTheContract() throws Exception {
        assertThat(json("demo", "--list", "--json", "-")).hasSizeGreaterThan(30).allSatisfy(demo -> {
            assertThat(demo.path("name").asText()).matches("[a-z0-9-]+");
            assertThat(demo.path("kinds")).isNotEmpty();
            assertThat(demo.path("says").asText()).isNotEmpty();
        });
    }

    @Test
    void writesAllReportsAtOnceAndJudgesThem() throws Exception {
        List<Path> files = List.of(
                folder.resolve("r.json"), folder.resolve("r.html"), folder.resolve("r.md"), folder.resolve("r.sarif"));
        Program audit = lockjam(
                "audit",
                "--json",
                text(files, 0),
                "--html",
                text(files, 1),
                "-q",
                recording.toString(),
                "--md",
                text(files, 2),
                "--sarif",
                text(files, 3),
                "--fail-on",
                "warning");

        assertThat(audit.await(LIMIT)).as(audit.transcript()).isEqualTo(1);
        assertThat(audit.errors()).isEmpty();
        assertThat(AuditReport.parse(Files.readString(files.get(0))).kinds()).contains("lock-contention");
        assertThat(files.get(1)).content().startsWith("<!doctype html>");
        assertThat(files.get(2)).content().contains("# ");
        assertThat(JSON.readTree(files.get(3).toFile()).path("version").asText())
                .isEqualTo("2.1.0");
        Program lenient = lockjam("audit", recording.toString(), "--fail-on", "error", "-q");
        assertThat(lenient.await(LIMIT)).as(lenient.transcript()).isZero();
        assertThat(lenient.output()).contains("lock-contention");
    }

    @Test
    void printsUtf8WhereThereIsNoLocale() throws Exception {
        Program audit = Program.start(
                Program.lockjamCommand(jdk(), "audit", pid(), "--for", "1s", "--json", "-", "-q"),
                Map.of("LC_ALL", "C"));
        assertThat(audit.await(LIMIT)).as(audit.transcript()).isZero();
        assertThat(audit.output()).doesNotContain("\uFFFD");
        AuditReport.parse(audit.output());
        String umlaut = "exec \"$0\" \"$@\" \"$(printf '/\\303\\244.jfr')\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", umlaut));
        command.addAll(Program.lockjamCommand(jdk(), "audit"));
        Program unnamable = Program.start(command, Map.of("LC_ALL", "C"));
        assertThat(unnamable.await(LIMIT)).as(unnamable.transcript()).isEqualTo(2);
        assertThat(unnamable.errors()).contains("LC_ALL=C.UTF-8").doesNotContain("bug of ours");
    }

    @Test
    void exportsWhatTheirProgramsRead() throws Exception {
        JsonNode slices = export("perfetto").path("traceEvents");
        assertThat(slices).anySatisfy(slice -> {
            assertThat(slice.path("ph").asText()).isEqualTo("X");
            assertThat(slice.path("ts").isNumber()).isTrue();
            assertThat(slice.path("dur").asDouble()).isPositive();
            assertThat(slice.path("tid").isNumber()).isTrue();
        });
        JsonNode speedscope = export("speedscope");
        assertThat(speedscope.path("$schema").asText()).isEqualTo("https://www.speedscope.app/file-format-schema.json");
        JsonNode profile = speedscope.path("profiles").path(0);
        int frames = speedscope.path("shared").path("frames").size();
        assertThat(profile.path("samples"))
                .hasSameSizeAs(profile.path("weights"))
                .isNotEmpty();
        assertThat(profile.path("samples"))
                .allSatisfy(stack -> assertThat(stack)
                        .allSatisfy(frame -> assertThat(frame.asInt()).isBetween(0, frames - 1)));
        Program collapsed = lockjam("export", "--format", "collapsed", recording.toString(), "-q");
        assertThat(collapsed.await(LIMIT)).isZero();
        assertThat(collapsed.output().lines()).isNotEmpty().allMatch(line -> line.matches("\\S+;\\S+ \\d+"));
    }

    @Test
    void saysWhatADamagedRecordingHasLost() throws Exception {
        byte[] whole = Files.readAllBytes(recording);
        byte[] twice = Arrays.copyOf(whole, whole.length * 3 / 2);
        System.arraycopy(whole, 0, twice, whole.length, twice.length - whole.length);
        Path cut = Files.write(folder.resolve("cut.jfr"), twice);
        for (List<String> command : List.of(
                List.of("audit", cut.toString(), "-q"),
                List.of("export", cut.toString(), "-q", "--format", "collapsed"))) {
            Program reading = lockjam(command.toArray(String[]::new));
            assertThat(reading.await(LIMIT)).as(reading.transcript()).isZero();
            assertThat(reading.errors()).contains("bytes");
        }
        Path text = Files.writeString(folder.resolve("text.jfr"), "no recording");
        Program refused = lockjam("audit", text.toString());
        assertThat(refused.await(LIMIT)).isEqualTo(4);
        assertThat(refused.errors()).contains("is not a JFR recording");
    }

    @Test
    void namesAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Program attach = lockjam("attach", "--port", port, "--no-open", pid());

            assertThat(attach.await(LIMIT)).as(attach.transcript()).isEqualTo(2);
            assertThat(attach.errors()).contains("127.0.0.1:" + port + ": the port is in use");
        }
    }

    @Test
    void noticesThatNothingCouldBeWritten() {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\" > /dev/full"));
        command.addAll(Program.lockjamCommand(jdk(), "audit", recording.toString(), "--json", "-"));
        Program audit = Program.start(command);
        assertThat(audit.await(LIMIT)).isEqualTo(2);
        assertThat(audit.errors()).contains("Standard output could not be written");
        Program file = lockjam("export", recording.toString(), "--format", "collapsed", "-o", "/dev/full");
        assertThat(file.await(LIMIT)).isEqualTo(2);
        assertThat(file.errors()).contains("Cannot write /dev/full: No space left on device.");
    }

    @Test
    void saysNothingWhenItsReaderHasHadEnough() {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$0\" \"$@\" | true"));
        command.addAll(Program.lockjamCommand(jdk(), "audit", recording.toString(), "-q"));
        Program audit = Program.start(command);
        assertThat(audit.await(LIMIT)).isZero();
        assertThat(audit.errors()).doesNotContain("lockjam:");
    }

    private JsonNode export(String format) throws IOException {
        Path file = folder.resolve(format);
        Program export = lockjam("export", recording.toString(), "--format", format, "-o", file.toString());
        assertThat(export.await(LIMIT)).as(export.transcript()).isZero();
        assertThat(export.output()).isEmpty();
        return JSON.readTree(file.toFile());
    }

    private static JsonNode json(String... command) throws IOException {
        Program lockjam = lockjam(command);
        assertThat(lockjam.await(LIMIT)).as(lockjam.transcript()).isZero();
        assertThat(lockjam.errors()).isEmpty();
        return JSON.readTree(lockjam.output());
    }

    private static Program lockjam(String... command) {
        return Program.lockjam(jdk(), command);
    }

    private static Jdk jdk() {
        return Jdk.all().get(0);
    }

    private static String pid() {
        return Long.toString(target.pid());
    }

    private static String text(List<Path> files, int number) {
        return files.get(number).toString();
    }
}
