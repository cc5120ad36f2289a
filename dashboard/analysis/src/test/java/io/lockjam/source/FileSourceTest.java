// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static io.lockjam.source.Recordings.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LockNamer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings of 17 and 25, whole and damaged, read in a child process. */
class FileSourceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    static Stream<Path> javaHomes() throws IOException {
        return Recordings.javaHomes();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void readsWaitsOfTheJdkWhereOursAreAbsent(Path javaHome) throws Exception {
        List<Fact> facts = Recordings.read(Recordings.make(javaHome, folder.resolve("r.jfr")));

        List<Fact.WaitEnded> monitors = waits(facts, WaitKind.MONITOR).stream()
                .filter(wait -> inContention(wait.stack())) // JFR and the JVM have monitors of their own
                .toList();
        assertThat(monitors).hasSizeGreaterThanOrEqualTo(6).allSatisfy(wait -> {
            assertThat(wait.counted()).isTrue();
            assertThat(wait.waiter().name()).isEqualTo("waiter");
            assertThat(wait.owner()).isNotNull().isEqualTo(wait.releasedBy());
            assertThat(wait.lock().identity()).matches("[0-9a-f]{12}");
        });
        assertThat(waits(facts, WaitKind.OBJECT_WAIT))
                .anySatisfy(wait -> assertThat(wait.granted()).isFalse());
        assertThat(waits(facts, WaitKind.JOIN)).isNotEmpty();
        assertThat(waits(facts, WaitKind.LOCK))
                .anySatisfy(wait -> assertThat(wait.waiter().name()).isEqualTo("parked"));
        assertThat(waits(facts, WaitKind.LATCH)).isNotEmpty();
        assertThat(only(Fact.Activity.class, facts))
                .anySatisfy(slept -> assertThat(slept.thread().name()).isEqualTo("sleeper"))
                .anySatisfy(ran -> assertThat(ran.took()).isEqualTo(Duration.ofMillis(10)));
        assertThat(only(Fact.ThreadStarted.class, facts)).isNotEmpty();
        assertThat(only(Fact.ThreadEnded.class, facts)).isNotEmpty();
        assertThat(only(Fact.Gap.class, facts)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void namesTheMonitorsOfARealRecording(Path javaHome) throws Exception {
        List<Fact> facts = Recordings.read(Recordings.make(javaHome, folder.resolve("r.jfr")));
        List<String> classPath = List.of(System.getProperty("java.class.path").split(":"));

        try (ClassPathBytes bytes = new ClassPathBytes(classPath, javaHome)) {
            LockNamer namer = new LockNamer(bytes);
            assertThat(waits(facts, WaitKind.MONITOR))
                    .extracting(wait -> namer.name(wait.stack(), wait.lock(), wait.kind()))
                    .contains(
                            "io.lockjam.source.Contention.FIELD",
                            "synchronized Contention.enterMethod",
                            "synchronized static Contention.enterStaticMethod",
                            "io.lockjam.source.Contention.own",
                            "io.lockjam.source.Contention.stripes[]")
                    .doesNotContain("Object in Contention.enterLambda");
        }
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void readsOurEventsAndLeavesParksToThem(Path javaHome) throws Exception {
        List<Fact> facts = Recordings.read(Recordings.make(javaHome, folder.resolve("r.jfr"), "ours"));

        Fact.WaitEnded wait = waits(facts, WaitKind.LOCK).get(0);
        assertThat(waits(facts, WaitKind.LOCK)).hasSize(1);
        assertThat(wait.lock()).isEqualTo(new LockRef("java.util.concurrent.locks.ReentrantLock", "7f3a"));
        assertThat(wait.weight()).isEqualTo(3);
        assertThat(wait.counted()).isFalse();
        assertThat(wait.waited()).isEqualTo(Duration.ofMillis(1));
        assertThat(only(Fact.LockTotals.class, facts).get(0).histogram().count())
                .isEqualTo(7);
        assertThat(only(Fact.WaitingNow.class, facts).get(0).lock().className()).isEqualTo("com.acme.Cache");
        assertThat(only(Fact.StackSeen.class, facts)
                        .get(0)
                        .stack()
                        .frames()
                        .get(1)
                        .className())
                .isEqualTo("com.acme.Cache");
        assertThat(only(Fact.ThreadStates.class, facts).get(0).names()).containsEntry(35L, "a=b");
        assertThat(only(Fact.AgentStatus.class, facts).get(0).ownThreads()).containsExactly(12L, 13L);
        assertThat(only(Fact.Gap.class, facts))
                .anySatisfy(gap -> assertThat(gap.reason()).contains("telepathy"));
    }

    @Test
    void readsTheChunksBeforeACutAndSaysWhatIsLost() throws Exception {
        byte[] whole = Files.readAllBytes(Recordings.make(javaHome(), folder.resolve("r.jfr")));
        byte[] twice = new byte[whole.length + whole.length / 2];
        System.arraycopy(whole, 0, twice, 0, whole.length);
        System.arraycopy(whole, 0, twice, whole.length, whole.length / 2);
        Path cut = Files.write(folder.resolve("cut.jfr"), twice);

        List<Fact> facts = Recordings.read(cut);

        assertThat(waits(facts, WaitKind.MONITOR)).hasSizeGreaterThanOrEqualTo(6);
        assertThat(only(Fact.Gap.class, facts))
                .anySatisfy(gap -> assertThat(gap.lost()).isPositive());
    }

    @Test
    void speaksWhileItSearchesForTheNextChunk() throws Exception {
        byte[] whole = Files.readAllBytes(Recordings.make(javaHome(), folder.resolve("r.jfr")));
        Path torn = Files.write(folder.resolve("torn.jfr"), whole);
        long hole = 100L << 20;
        try (FileChannel file = FileChannel.open(torn, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(whole), whole.length + hole);
        }
        List<Long> steps = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();

        new FileSource(torn).read(facts::add, (read, total) -> steps.add(read));

        assertThat(steps)
                .as("in the hole")
                .anySatisfy(step -> assertThat(step).isBetween(whole.length + hole / 4, whole.length + hole * 3 / 4));
        assertThat(only(Fact.Gap.class, facts)).extracting(Fact.Gap::lost).containsExactly(hole);
    }

    @Test
    void losesNothingOfAChunkThatIsStillWritten() throws Exception {
        Path open = Recordings.make(javaHome(), folder.resolve("r.jfr"));
        try (FileChannel file = FileChannel.open(open, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Long.BYTES), 8); // its size is not known yet
        }

        List<Fact> facts = Recordings.read(open);

        assertThat(waits(facts, WaitKind.MONITOR)).hasSizeGreaterThanOrEqualTo(6);
        assertThat(only(Fact.Gap.class, facts)).isEmpty();
    }

    @Test
    void refusesWhatIsNoRecordingInOneSentence() throws Exception {
        Path text = Files.writeString(folder.resolve("r.jfr"), "hello");
        Path empty = Files.createFile(folder.resolve("empty.jfr"));

        assertThatThrownBy(() -> Recordings.read(text)).hasMessageContaining("is not a JFR recording");
        assertThatThrownBy(() -> Recordings.read(empty)).hasMessageContaining("is empty");
        assertThatThrownBy(() -> Recordings.read(folder.resolve("none.jfr"))).hasMessageContaining("does not exist");
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        Path file = Recordings.make(javaHome(), folder.resolve("r.jfr"));
        List<Long> steps = new ArrayList<>();

        FileSource.Outcome outcome = new FileSource(file).read(fact -> {}, (read, total) -> steps.add(total - read));

        assertThat(outcome.complete()).isTrue();
        assertThat(steps).isNotEmpty().last().isEqualTo(0L);
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private static boolean inContention(Stack stack) {
        return !stack.frames().isEmpty()
                && "Contention.java".equals(stack.frames().get(0).file());
    }

    private static List<Fact.WaitEnded> waits(List<Fact> facts, WaitKind kind) {
        return only(Fact.WaitEnded.class, facts).stream()
                .filter(wait -> wait.kind() == kind)
                .toList();
    }
}
