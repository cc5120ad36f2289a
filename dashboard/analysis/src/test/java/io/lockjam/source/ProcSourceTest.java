// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up {@code /proc}, so that every figure is known. */
class ProcSourceTest {
    private static final Instant AT = Instant.parse("2026-11-23T05:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path proc;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ProcSource source;

    @BeforeEach
    void oneThread() throws IOException {
        source = new ProcSource(proc, 4711);
        Files.createDirectories(proc.resolve("self"));
        Files.createDirectories(proc.resolve("cg/job"));
        write("self/mountinfo", "30 1 0:1 / " + proc.resolve("cg") + " rw - cgroup2 cgroup rw\n");
        write("4711/cgroup", "0::/job\n");
        write("cg/job/cpu.max", "150000 100000\n");
        write("cg/job/cpu.stat", "usage_usec 1\nthrottled_usec 1000\n");
        start(100);
        thread(4712, "100 50 7", 4, 3);
    }

    @Test
    void tellsWhatChangedSinceTheSampleBefore() throws IOException {
        assertThat(source.sample(AT, 1_000)).isEmpty();
        thread(4712, "400 250 8", 5, 3);
        write("cg/job/cpu.stat", "usage_usec 1\nthrottled_usec 1300\n");

        assertThat(source.sample(AT.plusSeconds(1), 1_001_000))
                .containsExactly(new Fact.OsUsage(
                        AT.plusSeconds(1),
                        Duration.ofMillis(1),
                        List.of(new Fact.OsThread(4712, 300, 200, -1, -1)),
                        300_000,
                        1.5));
    }

    @Test
    void tellsSwitchesOfThreadsThatWereReadTwice() throws IOException {
        source.sample(AT, 1);
        thread(4712, "400 250 9", 5, 4);
        source.sample(AT, 2);
        thread(4712, "500 250 19", 11, 8);

        assertThat(rows(source.sample(AT, 3))).containsExactly(new Fact.OsThread(4712, 100, 0, 6, 4));
    }

    @Test
    void countsANewThreadFromItsBeginning() throws IOException {
        source.sample(AT, 1);
        thread(4713, "30 20 1", 0, 0);

        assertThat(rows(source.sample(AT, 2))).contains(new Fact.OsThread(4713, 30, 20, -1, -1));
    }

    @Test
    void knowsAThreadInAContainerByItsNumberThere() throws IOException {
        write("4711/task/4712/status", "NSpid:\t4712\t12\n");
        source.sample(AT, 1);

        assertThat(rows(source.sample(AT, 2))).extracting(Fact.OsThread::osId).containsExactly(12L);
    }

    @Test
    void endsWhenTheNumberGoesToAnotherProcess() throws IOException {
        source.sample(AT, 1);
        start(200);

        assertThat(source.sample(AT, 2)).isEmpty();
        assertThat(source.ended()).isTrue();
    }

    @Test
    void tellsHowLongTheProcessWasStopped() throws IOException {
        Duration second = Duration.ofSeconds(1);
        source.sample(AT, second.toNanos());
        state('T', 100);
        source.sample(AT.plusSeconds(1), second.multipliedBy(2).toNanos());
        source.sample(AT.plusSeconds(2), second.multipliedBy(3).toNanos());
        start(100);

        assertThat(source.sample(AT.plusSeconds(3), second.multipliedBy(4).toNanos()))
                .contains(new Fact.Pause(
                        AT.plusMillis(2_500), Duration.ofSeconds(2), "process stopped by a signal or a debugger"));
        assertThat(source.sample(AT.plusSeconds(4), second.multipliedBy(5).toNanos()))
                .hasOnlyElementsOfType(Fact.OsUsage.class);
    }

    @Test
    void tellsOnceWhatItCannotRead() throws IOException {
        Files.delete(proc.resolve("4711/task/4712/schedstat"));
        Files.delete(proc.resolve("4711/cgroup"));

        assertThat(source.sample(AT, 1)).hasOnlyElementsOfType(Fact.Gap.class).hasSize(2);
        List<Fact> later = source.sample(AT, 2);
        assertThat(rows(later)).isEmpty();
        assertThat(((Fact.OsUsage) later.get(0)).throttledNanos()).isEqualTo(-1);
    }

    private static List<Fact.OsThread> rows(List<Fact> facts) {
        return ((Fact.OsUsage) facts.get(facts.size() - 1)).threads();
    }

    private void start(long ticks) throws IOException {
        state('S', ticks);
    }

    private void state(char state, long ticks) throws IOException {
        write("4711/stat", "4711 (a b) c) " + state + " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + ticks + " 0 0\n");
    }

    private void thread(long tid, String schedstat, long voluntary, long involuntary) throws IOException {
        write("4711/task/" + tid + "/schedstat", schedstat + "\n");
        write(
                "4711/task/" + tid + "/status",
                "voluntary_ctxt_switches:\t" + voluntary + "\nnonvoluntary_ctxt_switches:\t" + involuntary + "\n");
    }

    private void write(String name, String text) throws IOException {
        Path file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
