// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static io.lockjam.attach.Visits.attach;
import static io.lockjam.attach.Visits.ours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.lockjam.control.AgentState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AttachmentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** {@code -Dlockjam.rounds=50} for a long run. */
    private static final int ROUNDS = Integer.getInteger("lockjam.rounds", 6);

    /** After this one, all that is loaded once has been. */
    private static final int WARM = 2;

    @TempDir
    private Path temporary = Path.of("");

    static Stream<Path> homes() {
        return Jvm17And25.homes();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void attachesRecordsAndLeavesNothingBehindSeveralTimes(Path home) throws Exception {
        try (Jvm17And25 jvm = Jvm17And25.start(home)) {
            Target target = Target.ofPid(jvm.pid());
            Visits.Size early = new Visits.Size(Set.of(), 0);
            for (int round = 0; round < ROUNDS; round++) {
                try (Attachment attachment = attach(target, false, new Hearing())) {
                    AgentState state = attachment.state();

                    assertThat(state.enabled()).isTrue();
                    assertThat(state.woven()).contains("java/util/concurrent/locks/LockSupport");
                    assertThat(Jvms.find(jvm.pid()).orElseThrow().attached()).isTrue();
                    Path file = temporary.resolve(target.pid() + "-" + round + ".jfr");
                    attachment.dump(file);
                    assertThat(file).isNotEmptyFile();
                }
                assertThat(Jvms.find(jvm.pid()).orElseThrow().attached()).isFalse();
                Visits.assertNothingLeft(target);
                early = round == WARM ? Visits.Size.of(target) : early;
            }
            assertThat(jvm.alive()).isTrue();
            Visits.Size late = Visits.Size.of(target);
            assertThat(late.threads()).isLessThanOrEqualTo(early.threads());
            assertThat(early.classes()).isNotEmpty();
            assertThat(late.beyond(early)).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void aKeptAgentIsFoundAgainAndTakenOutByDetach(Path home) throws Exception {
        try (Jvm17And25 jvm = Jvm17And25.start(home)) {
            Target target = Target.ofPid(jvm.pid());
            attach(target, true, new Hearing()).close();
            assertThat(Jvms.find(jvm.pid()).orElseThrow().attached()).isTrue();

            try (Attachment again = attach(target, true, new Hearing())) {
                assertThat(again.state().enabled()).isTrue();
            }
            assertThat(Detachment.from(target, new Hearing())).isTrue();

            assertThat(Jvms.find(jvm.pid()).orElseThrow().attached()).isFalse();
            assertThat(ours(target)).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void anAgentOfTheCommandLineStaysUntilDetachAndWritesItsRecording(Path home) throws Exception {
        Path file = temporary.resolve("own.jfr");
        String agent = "-javaagent:" + System.getProperty("lockjam.agentJar") + "=record=" + file;
        try (Jvm17And25 jvm = Jvm17And25.start(home, agent)) {
            Target target = Target.ofPid(jvm.pid());
            SessionFolder folder = SessionFolder.of(target.proc(), target.jvm().uid());
            await().atMost(PATIENCE).until(folder::agentIn);
            for (int round = 0; round < 2; round++) {
                try (Attachment attachment = attach(target, false, new Hearing())) {
                    assertThat(attachment.state().enabled()).isTrue();
                    assertThat(attachment.sharesRecording()).isFalse();
                }
                assertThat(folder.agentIn()).isTrue();
                assertThat(ours(target)).isEmpty();
                assertThat(file).isEmptyFile();
            }
            assertThat(Detachment.from(target, new Hearing())).isTrue();

            assertThat(folder.agentIn()).isFalse();
            assertThat(folder.outer()).doesNotExist();
            assertThat(file).isNotEmptyFile();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void aTargetThatWasStoppedIsRefusedAndUnharmed(Path home) throws Exception {
        try (Jvm17And25 jvm = Jvm17And25.start(home)) {
            Target target = Target.ofPid(jvm.pid());
            attach(target, false, new Hearing()).close(); // from now on it listens, and a question would hang
            jvm.signal("STOP");
            await().atMost(PATIENCE).until(() -> target.proc().stopped());
            assertThat(catchThrowableOfType(AttachException.class, () -> Target.ofPid(jvm.pid())))
                    .hasMessageContaining("it is stopped");
            assertThat(catchThrowableOfType(AttachException.class, () -> attach(target, false, new Hearing())))
                    .hasMessageContaining("it is stopped");
            jvm.signal("CONT");
            try (Attachment attachment = attach(target, false, new Hearing())) {
                assertThat(attachment.state().enabled()).isTrue();
            }
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void recordingsOfOthersGoOn(Path home) throws Exception {
        try (Jvm17And25 jvm = Jvm17And25.start(home)) {
            Target target = Target.ofPid(jvm.pid());
            try (TargetVm vm = TargetVm.open(target)) {
                vm.command("JFR.start name=theirs settings=none");
            }
            try (Attachment attachment = attach(target, false, new Hearing())) {
                assertThat(attachment.sharesRecording()).isTrue();
                assertThat(attachment.recordLess()).isPresent();
                assertThat(ours(target))
                        .as("the successor has replaced the first")
                        .hasSize(1);
            }
            try (TargetVm vm = TargetVm.open(target)) {
                assertThat(vm.command("JFR.check")).contains("theirs").doesNotContain("name=lockjam");
            }
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("homes")
    void theEndOfTheTargetIsReported(Path home) throws Exception {
        Hearing hearing = new Hearing();
        try (Jvm17And25 jvm = Jvm17And25.start(home);
                Attachment attachment = attach(Target.ofPid(jvm.pid()), false, hearing)) {
            assertThat(attachment.repository()).isPresent();
            jvm.end();

            assertThat(hearing.ends.poll(30, TimeUnit.SECONDS)).isEqualTo(AttachListener.End.TARGET_ENDED);
        }
    }
}
