// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static io.lockjam.attach.Visits.assertNothingLeft;
import static io.lockjam.attach.Visits.attach;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.lockjam.control.AgentState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs in trouble, or started in unusual ways: the agent works in them or stays out, and their own work goes on. */
final class FaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Three for each time that the heap is full, and those of threads that wanted something meanwhile. */
    private static final long ERRORS = 9;

    @TempDir
    private Path temporary = Path.of("");

    /** A JVM with something special about it. */
    record Odd(String name, Path home, List<String> options, List<String> troubles) {
        Jvm17And25 start() throws IOException {
            return Jvm17And25.start(Jvm17And25.command(home, options, troubles.toArray(String[]::new)));
        }

        @Override
        public String toString() {
            return name + " on " + home.getFileName();
        }
    }

    static Stream<Path> homes() {
        return Jvm17And25.homes();
    }

    static Stream<Odd> odd() {
        List<Path> homes = homes().toList();
        return homes.stream().flatMap(home -> odd(home, homes.indexOf(home) == homes.size() - 1));
    }

    private static Stream<Odd> odd(Path home, boolean last) {
        List<String> crowd = List.of("-Xss256k", "-XX:+UseZGC", "-XX:TieredStopAtLevel=1");
        List<String> slow = List.of(
                "-Xint",
                "-Xshare:off",
                "-XX:+IgnoreUnrecognizedVMOptions", // not every JDK has the next one
                "-XX:+UseShenandoahGC",
                "-XX:+UseStringDeduplication");
        return Stream.of(
                new Odd("a crowd", home, crowd, List.of("work", "deadlock", last ? "threads" : "work")),
                new Odd("an interpreter", home, slow, List.of("work")));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("odd")
    void worksInAndLeavesAsItWas(Odd odd) throws Exception {
        try (Jvm17And25 jvm = odd.start()) {
            Target target = Target.ofPid(jvm.pid());
            try (Attachment attachment = attach(target, false, new Hearing())) {
                awaitWork(jvm);
                AgentState state = attachment.state();
                assertThat(state.woven()).contains("java/util/concurrent/locks/LockSupport");
                assertThat(state.lastFault()).doesNotContain("NullPointer");
            }
            awaitWork(jvm);
            assertNothingLeft(target);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void outlivesAHeapThatIsFullAgainAndAgain(Path home) throws Exception {
        List<String> options = List.of("-Xmx40m", "-XX:+UseSerialGC");
        try (Jvm17And25 jvm = Jvm17And25.start(Jvm17And25.command(home, options, "work"))) {
            Target target = Target.ofPid(jvm.pid());
            try (Attachment attachment = attach(target, false, new Hearing())) {
                assertThat(attachment.state().enabled()).isTrue();
                jvm.begin("memory");
                await().atMost(PATIENCE).until(() -> jvm.errors() > ERRORS);
                awaitWork(jvm);
            }
            awaitWork(jvm);
            await().atMost(PATIENCE).until(() -> !Visits.folder(target).agentIn());
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void staysOutWhereThereIsNoRoomForClasses(Path home) throws Exception {
        List<String> options = List.of("-XX:MaxMetaspaceSize=24m", "-Xshare:auto");
        try (Jvm17And25 jvm = Jvm17And25.start(Jvm17And25.command(home, options, "work", "metaspace"))) {
            Target target = Target.ofPid(jvm.pid());
            assertThat(jvm.errors()).isPositive();
            AttachException refused =
                    catchThrowableOfType(AttachException.class, () -> attach(target, false, new Hearing()));

            assertThat(refused).hasMessageContaining("Cannot attach to " + target.label());
            awaitWork(jvm);
            assertThat(Visits.folder(target).outer()).doesNotExist();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void leavesInTheEndWhereThereIsNoRoomForClassesForAWhile(Path home) throws Exception {
        List<String> options = List.of("-XX:MaxMetaspaceSize=32m", "-Xshare:auto");
        try (Jvm17And25 jvm = Jvm17And25.start(Jvm17And25.command(home, options, "work"))) {
            Target target = Target.ofPid(jvm.pid());
            try (Attachment attachment = attach(target, false, new Hearing())) {
                assertThat(attachment.state().enabled()).isTrue();
                jvm.begin("metaspace");
            }
            awaitWork(jvm);
            jvm.begin("room");
            await().atMost(PATIENCE).until(() -> !Visits.folder(target).agentIn());
            long before = jvm.errors();
            jvm.begin("hooks");
            assertThat(jvm.errors()).as("hooks left in").isEqualTo(before);
            awaitWork(jvm);
        }
    }

    /** The Flight Recorder ends a JVM that cannot open its next file, as it has to when one of two recordings ends. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void leavesTheRecordingUntilThereAreFilesToBeHad(Path home) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 200 && exec \"$0\" \"$@\""));
        command.addAll(Jvm17And25.command(home, List.of("-XX:StartFlightRecording=name=theirs"), "work"));
        try (Jvm17And25 jvm = Jvm17And25.start(command)) {
            Target target = Target.ofPid(jvm.pid());
            Hearing hearing = new Hearing();
            try (Attachment attachment = attach(target, false, hearing)) {
                assertThat(attachment.sharesRecording()).isTrue();
                attachment.pause();
                attachment.resume(); // is not taken for somebody else's doing
                jvm.begin("files");
                await().atMost(PATIENCE)
                        .until(() -> hearing.warnings.stream()
                                .anyMatch(each -> each.contains("hardly another file could be opened (ulimit -n)")));
                awaitWork(jvm);
                assertThat(hearing.warnings).noneMatch(each -> each.contains("somebody"));
            }
            awaitWork(jvm);
            jvm.begin("room");
            await().atMost(PATIENCE).until(() -> !Visits.folder(target).agentIn());
            awaitWork(jvm);
            assertNothingLeft(target);
        }
    }

    /** The Flight Recorder ends a JVM whose chunk may not grow: 200 blocks are less than its first one holds. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void recordsNothingWhereFilesMayHoldLittle(Path home) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 200 && exec \"$0\" \"$@\""));
        command.addAll(Jvm17And25.command(home, List.of(), "work"));
        try (Jvm17And25 jvm = Jvm17And25.start(command)) {
            Target target = Target.ofPid(jvm.pid());
            Hearing hearing = new Hearing();
            try (Attachment attachment = attach(target, false, hearing)) {
                assertThat(attachment.sharesRecording()).isFalse();
                assertThat(hearing.warnings).anyMatch(each -> each.contains("(ulimit -f)"));
                awaitWork(jvm);
            }
            awaitWork(jvm);
            assertNothingLeft(target);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void goesOnWithoutTheRecordingThatSomebodyElseHasStopped(Path home) throws Exception {
        try (Jvm17And25 jvm = Jvm17And25.start(Jvm17And25.command(home, List.of(), "work"))) {
            Target target = Target.ofPid(jvm.pid());
            Hearing hearing = new Hearing();
            try (Attachment attachment = attach(target, false, hearing);
                    TargetVm jcmd = TargetVm.open(target)) {
                awaitWork(jvm);
                await().atMost(PATIENCE).until(() -> attachment.state().recording());
                Thread.sleep(1_500); // the agent has seen it run
                jcmd.command("JFR.stop name=lockjam");
                await().atMost(PATIENCE)
                        .until(() -> hearing.warnings.stream()
                                .anyMatch(each -> each.contains("somebody else has stopped it")));
                await().atMost(PATIENCE).until(() -> !hearing.facts.isEmpty());
            }
            assertNothingLeft(target);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void saysThatTheAgentCouldNotStart(Path home) throws Exception {
        Path source =
                Files.createDirectories(temporary.resolve("io/lockjam/agent")).resolve("LockjamAgent.java");
        Files.writeString(
                source,
                "package io.lockjam.agent; public class LockjamAgent { public static void agentmain(String a)"
                        + " { throw new IllegalStateException(\"on purpose\"); } }");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()))
                .isZero();
        List<String> options = List.of("-Xbootclasspath/a:" + temporary);
        try (Jvm17And25 jvm = Jvm17And25.start(Jvm17And25.command(home, options, "work"))) {
            Target target = Target.ofPid(jvm.pid());
            AttachException refused =
                    catchThrowableOfType(AttachException.class, () -> attach(target, false, new Hearing()));

            assertThat(refused).hasMessageContaining("the agent did not start");
            assertThat(refused.advice()).contains("java -javaagent:");
            awaitWork(jvm);
            assertNothingLeft(target);
        }
    }

    private static void awaitWork(Jvm17And25 jvm) throws IOException {
        long before = jvm.turns();
        await().atMost(PATIENCE).until(() -> jvm.turns() > before);
    }
}
