// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockjam.control.FactRow;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.Verb;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import io.lockjam.demo.TwoCounters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A window of probes during which another agent changes one of its classes. */
class ChangedInAWindowIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CHANGED = "io.lockjam.demo.TwoCounters";
    private static final String OTHER = CHANGED + "$Other";
    private static final List<String> BOTH = List.of(slashed(CHANGED), slashed(OTHER));
    private static final String LEFT_ALONE =
            slashed(CHANGED) + ": another agent has changed it meanwhile, so it is left alone from now on";
    private static final String PROBES = "io/lockjam/boot";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void whatTheOtherRedefinesStaysAndIsCounted(Path home) throws Exception {
        Path other = OtherAgent.jar(folder);
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = begin(home, lockjam)) {
            assertThat(open(lockjam).done()).containsExactlyInAnyOrderElementsOf(BOTH);
            jvm.attach(other, "change " + CHANGED + " first-text other-text");
            lockjam.facts.clear();
            awaitRace(lockjam, OTHER); // by then what was caught before is told
            lockjam.facts.clear();
            awaitRace(lockjam, OTHER);
            isCounted(close(lockjam));
            assertThat(lockjam.facts).noneMatch(fact -> isRace(fact, CHANGED));

            WeaveOutcome next = open(lockjam);
            assertThat(next.done()).as("the next window").containsExactly(slashed(OTHER));
            assertThat(next.failed()).containsExactly(LEFT_ALONE);
            assertThat(close(lockjam).restored().failed()).isEmpty();
            assertThat(lockjam.leave().failed()).isEmpty();
            assertThat(jvm.end()).contains("other-text");
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void whatTheOtherRedefinesBetweenTwoWindowsStays(Path home) throws Exception {
        Path other = OtherAgent.jar(folder);
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = begin(home, lockjam)) {
            open(lockjam);
            assertThat(close(lockjam).restored().failed()).isEmpty();
            jvm.attach(other, "change " + CHANGED + " first-text other-text");

            assertThat(open(lockjam).failed()).containsExactly(LEFT_ALONE);
            close(lockjam);
            assertThat(jvm.end()).contains("other-text");
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void whatTheOtherTransformsStaysAndIsCounted(Path home) throws Exception {
        Path other = OtherAgent.jar(folder);
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home, TwoCounters.class, List.of(), "-Xverify:all")) {
            jvm.attach(other, "mark java.util.Timer early-mark"); // so it comes before us from now on
            jvm.attach("connect=" + lockjam.socket() + ",memory=true,grace=0,token=" + LockjamProcess.TOKEN);
            lockjam.accept();
            open(lockjam);
            jvm.attach(other, "mark " + CHANGED + " window-mark");
            lockjam.facts.clear();
            awaitRace(lockjam, OTHER);

            isCounted(close(lockjam));
            assertThat(text(jvm, other, CHANGED)).contains("window-mark").doesNotContain(PROBES);
            assertThat(lockjam.leave().failed()).isEmpty();
            assertThat(jvm.end()).contains("first-text");
        }
    }

    private static ForkedJvm begin(Path home, LockjamProcess lockjam) throws Exception {
        ForkedJvm jvm = ForkedJvm.start(home, TwoCounters.class, List.of(), "-Xverify:all");
        jvm.attach("connect=" + lockjam.socket() + ",memory=true,grace=0,token=" + LockjamProcess.TOKEN);
        lockjam.accept();
        return jvm;
    }

    private static void isCounted(WindowOutcome outcome) {
        assertThat(outcome.restored().done()).contains(slashed(OTHER)).doesNotContain(slashed(CHANGED));
        assertThat(outcome.restored().failed()).containsExactly(LEFT_ALONE);
    }

    private static WeaveOutcome open(LockjamProcess lockjam) throws Exception {
        WeaveOutcome woven = WeaveOutcome.read(lockjam.ask(Verb.PROBE, new PayloadWriter().texts(BOTH)));
        lockjam.ask(Verb.ARM, new PayloadWriter().integer((int) PATIENCE.toMillis()));
        return woven;
    }

    private static WindowOutcome close(LockjamProcess lockjam) throws Exception {
        return WindowOutcome.read(lockjam.ask(Verb.UNPROBE, new PayloadWriter()));
    }

    private static void awaitRace(LockjamProcess lockjam, String type) {
        await().atMost(PATIENCE).until(() -> List.copyOf(lockjam.facts).stream().anyMatch(fact -> isRace(fact, type)));
    }

    private static boolean isRace(FactRow fact, String type) {
        return (type + ".count").equals(fact.fields().get("field"));
    }

    private String text(ForkedJvm jvm, Path other, String type) throws Exception {
        Path file = folder.resolve("shown");
        jvm.attach(other, "show " + type + " " + file);
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static String slashed(String name) {
        return name.replace('.', '/');
    }
}
