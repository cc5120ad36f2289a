// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockjam.control.AgentState;
import io.lockjam.control.FactRow;
import io.lockjam.control.Hello;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.Verb;
import io.lockjam.control.WeaveOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped agent jar, loaded into a running JVM by a lockjam process that the test plays. */
class AttachIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MEMORY = ",memory=true,grace=0,token=" + LockjamProcess.TOKEN;

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void weavesMeasuresAndLeavesNothing(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home, "-Xverify:all")) {
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            Hello hello = lockjam.accept();
            assertThat(hello.token()).isEqualTo(LockjamProcess.TOKEN);
            assertThat(hello.pid()).isEqualTo(jvm.process.pid());

            WeaveOutcome woven = lockjam.weave();
            assertThat(woven.failed()).isEmpty();
            assertThat(woven.done()).contains("java/util/concurrent/locks/LockSupport");
            awaitFact(lockjam, "lockjam.LockTotals");
            awaitFact(lockjam, "lockjam.ThreadStates");
            awaitTimer(lockjam);
            findsTheQueueThatNobodyWaitsAt(lockjam);
            AgentState state = lockjam.state();
            assertThat(state.enabled()).isTrue();
            assertThat(state.lastFault()).isEmpty();

            WeaveOutcome left = lockjam.leave();
            assertThat(left.failed()).isEmpty();
            assertThat(left.done()).containsExactlyInAnyOrderElementsOf(woven.done());
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    private static void findsTheQueueThatNobodyWaitsAt(LockjamProcess lockjam) throws Exception {
        String queue = "java/util/concurrent/LinkedBlockingQueue";
        assertThat(lockjam.facts).noneMatch(fact -> fact.event().equals("lockjam.QueueTotals"));
        WeaveOutcome begun = WeaveOutcome.read(lockjam.ask(Verb.SEARCH, new PayloadWriter().text("true")));
        assertThat(begun.failed()).isEmpty();
        assertThat(begun.done()).contains(queue);
        awaitFact(lockjam, "lockjam.QueueTotals");
        WeaveOutcome ended = WeaveOutcome.read(lockjam.ask(Verb.SEARCH, new PayloadWriter().text("false")));
        assertThat(ended.failed()).isEmpty();
        assertThat(ended.done()).containsExactlyInAnyOrderElementsOf(begun.done());
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void comesBackAsOftenAsItIsAsked(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home)) {
            for (int i = 0; i < 5; i++) {
                jvm.attach("connect=" + lockjam.socket() + MEMORY);
                lockjam.accept();
                WeaveOutcome woven = lockjam.weave();
                assertThat(woven.failed()).isEmpty();
                assertThat(lockjam.leave().done()).containsExactlyInAnyOrderElementsOf(woven.done());
            }
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void worksWhereTheApplicationHasJavaBaseAlone(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home, "--limit-modules", "java.base", "-Xverify:all")) {
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            lockjam.accept();
            assertThat(lockjam.weave().failed()).isEmpty();
            awaitFact(lockjam, "lockjam.LockTotals");
            awaitFact(lockjam, "lockjam.WaitNow");
            assertThat(lockjam.state().lastFault()).isEmpty();
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void undoesEverythingWhenTheConnectionIsLost(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home)) {
            Path session = Files.createDirectory(lockjam.folder.resolve("session"));
            Files.setPosixFilePermissions(session, PosixFilePermissions.fromString("rwx------"));
            jvm.attach("connect=" + lockjam.socket() + ",session=" + session + MEMORY);
            lockjam.accept();
            lockjam.weave();
            Path marker = session.resolve("agent");
            assertThat(marker).exists();
            lockjam.hangUp();
            await().atMost(PATIENCE).until(() -> !Files.exists(marker));
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            assertThat(lockjam.accept().woven()).isFalse();
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void isCalledBackThroughTheSessionFolder(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home)) {
            Path session = Files.createDirectory(lockjam.folder.resolve("session"));
            Files.setPosixFilePermissions(session, PosixFilePermissions.fromString("rwx------"));
            jvm.attach("connect=" + lockjam.socket() + ",session=" + session + ",keep=true,memory=true");
            lockjam.accept();
            lockjam.weave();
            lockjam.listen("again");
            lockjam.hangUp();
            Files.writeString(session.resolve("new"), lockjam.socket() + "\n" + LockjamProcess.TOKEN + "\n");
            Files.move(session.resolve("new"), session.resolve("connect"));
            Hello hello = lockjam.accept();
            assertThat(hello.reconnected()).isTrue();
            assertThat(hello.woven()).isTrue();
            assertThat(hello.token()).isEqualTo(LockjamProcess.TOKEN);
            lockjam.facts.clear();
            awaitFact(lockjam, "lockjam.LockTotals");
            lockjam.leave();
            assertThat(session).as("nobody else is there to clear it").doesNotExist();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void answersQuestionsAboutClassesWithoutRunningThem(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = ForkedJvm.start(home)) {
            jvm.attach("connect=" + lockjam.socket() + MEMORY);
            lockjam.accept();
            String app = ContendedApp.class.getName();
            assertThat(lockjam.ask(Verb.ORIGIN, new PayloadWriter().texts(List.of(app, "no.Such")))
                            .texts())
                    .satisfiesExactly(
                            place -> assertThat(place).endsWith("target/test-classes/"),
                            place -> assertThat(place).isEmpty());
            byte[] bytes = lockjam.ask(Verb.CLASS, new PayloadWriter().text(app.replace('.', '/')))
                    .bytes();
            assertThat(bytes).startsWith(0xca, 0xfe, 0xba, 0xbe);
            assertThat(lockjam.ask(Verb.CLASS, new PayloadWriter().text("no/Such"))
                            .bytes())
                    .isNull();
            lockjam.leave();
        }
    }

    /** One that ran before the hooks came. */
    private static void awaitTimer(LockjamProcess lockjam) {
        await().atMost(PATIENCE)
                .until(() -> lockjam.facts.stream()
                        .anyMatch(fact -> fact.event().equals("lockjam.PoolTotals")
                                && "java.util.Timer".equals(fact.fields().get("poolClassName"))));
    }

    private static void awaitFact(LockjamProcess lockjam, String event) {
        await().atMost(PATIENCE)
                .until(() -> lockjam.facts.stream().map(FactRow::event).anyMatch(event::equals));
    }
}
