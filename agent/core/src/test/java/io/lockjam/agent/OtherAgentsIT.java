// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockjam.control.FactRow;
import io.lockjam.control.WeaveOutcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our agent and another one that changes the same classes, before and after us. */
class OtherAgentsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MEMORY = ",memory=true,grace=0,token=" + LockjamProcess.TOKEN;
    private static final String SYNCHRONISER = "java.util.concurrent.locks.AbstractQueuedSynchronizer";
    private static final String PARKING = "java.util.concurrent.locks.LockSupport";
    private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void keepsWhatTheOtherDidAndGivesItBack(Path home) throws Exception {
        Path other = OtherAgent.jar(folder);
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home, "-Xverify:all")) {
            jvm.attach(other, "mark " + SYNCHRONISER + " first-mark");
            byte[] before = shown(jvm, other, SYNCHRONISER);
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            lockjam.accept();
            WeaveOutcome woven = lockjam.weave();
            assertThat(woven.failed()).isEmpty();
            assertThat(text(shown(jvm, other, SYNCHRONISER))).contains("first-mark", "io/lockjam/boot");
            awaitWaits(lockjam);

            WeaveOutcome left = lockjam.leave();
            assertThat(left.failed()).isEmpty();
            assertThat(left.done()).containsExactlyInAnyOrderElementsOf(woven.done());
            assertThat(shown(jvm, other, SYNCHRONISER)).isEqualTo(before);
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void putsHooksInAgainThatTheOtherRemoved(Path home) throws Exception {
        Path other = OtherAgent.jar(folder);
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home, "-Xverify:all")) {
            jvm.attach(other, "mark " + SYNCHRONISER + " first-mark");
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            lockjam.accept();
            WeaveOutcome woven = lockjam.weave();
            jvm.attach(other, "mark " + SYNCHRONISER + " second-mark");
            awaitSaid(lockjam, SYNCHRONISER + "; they were put in again");
            jvm.attach(other, "redefine " + POOL);
            awaitSaid(lockjam, POOL + "; they were put in again");
            assertThat(text(shown(jvm, other, SYNCHRONISER))).contains("second-mark", "io/lockjam/boot");
            assertThat(text(shown(jvm, other, POOL))).contains("io/lockjam/boot");

            WeaveOutcome left = lockjam.leave();
            assertThat(left.failed()).isEmpty();
            assertThat(left.done()).containsExactlyInAnyOrderElementsOf(woven.done());
            assertThat(text(shown(jvm, other, SYNCHRONISER)))
                    .contains("second-mark")
                    .doesNotContain("io/lockjam/boot");
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void noticesThatTheOtherDropsItsHooksAndGivesInAfterAWhile(Path home) throws Exception {
        Path other = OtherAgent.jar(folder);
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home)) {
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            lockjam.accept();
            lockjam.weave();
            jvm.attach(other, "original " + PARKING);
            awaitSaid(lockjam, PARKING + "; what happens there is no longer seen");
            assertThat(lockjam.said).hasSize(Losses.MOST + 1);
            assertThat(lockjam.state().woven())
                    .contains(SYNCHRONISER.replace('.', '/'))
                    .doesNotContain(PARKING.replace('.', '/'));
            lockjam.facts.clear();
            awaitWaits(lockjam); // what does not need that class goes on

            assertThat(lockjam.leave().failed()).isEmpty();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    private byte[] shown(ForkedJvm jvm, Path other, String type) throws Exception {
        Path file = folder.resolve("shown");
        jvm.attach(other, "show " + type + " " + file);
        return Files.readAllBytes(file);
    }

    private static String text(byte[] classFile) {
        return new String(classFile, StandardCharsets.ISO_8859_1);
    }

    private static void awaitSaid(LockjamProcess lockjam, String end) {
        await().atMost(PATIENCE).until(() -> List.copyOf(lockjam.said).stream().anyMatch(said -> said.endsWith(end)));
    }

    private static void awaitWaits(LockjamProcess lockjam) {
        await().atMost(PATIENCE)
                .until(() -> lockjam.facts.stream().map(FactRow::event).anyMatch("lockjam.LockTotals"::equals));
    }
}
