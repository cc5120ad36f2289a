// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows cost one CPU second in twenty. */
final class WindowBudgetTest {
    private static final long PID = 7;

    @TempDir
    Path proc;

    private WindowBudget budget;
    private long nanoTime;

    @BeforeEach
    void start() throws IOException {
        used(100);
        thread("71", "C2 CompilerThre", 10);
        thread("72", "C1 CompilerThre", 1);
        thread("73", "main", 80);
        budget = new WindowBudget(new TargetCpu(proc, PID), () -> nanoTime);
    }

    @Test
    void restsUntilTheTargetHasUsedTwentyTimesWhatItCost() throws IOException {
        window();
        thread("71", "C2 CompilerThre", 11);
        thread("72", "C1 CompilerThre", 2);
        passes(15);
        used(219);

        assertThat(budget.isRested()).isFalse();
        assertThat(budget.cost()).isEqualTo(Duration.ofSeconds(6));

        used(220);
        assertThat(budget.isRested()).isTrue();
    }

    @Test
    void whatTheCompilersDoAnywayIsNoCost() throws IOException {
        window();
        passes(15);
        assertThat(budget.isRested()).isTrue();
        thread("71", "C2 CompilerThre", 20);
        passes(100); // a tenth of a core

        window();
        thread("71", "C2 CompilerThre", 23);
        passes(15);
        assertThat(budget.isRested()).isFalse();
        assertThat(budget.cost()).isEqualTo(Duration.ofMillis(3 * 900));
    }

    @Test
    void aCompilerThatHasEndedStillCounts() throws IOException {
        window();
        Files.delete(proc.resolve("7/task/72/comm"));
        thread("71", "C2 CompilerThre", 12);
        passes(15);
        assertThat(budget.isRested()).isFalse();
        assertThat(budget.cost()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void theCompilersHaveTimeFirst() {
        window();
        passes(14);
        assertThat(budget.isRested()).isFalse();
    }

    @Test
    void nobodyWaitsForeverForATargetThatDoesNothing() throws IOException {
        window();
        thread("71", "C2 CompilerThre", 1_000);
        passes(599);
        assertThat(budget.isRested()).isFalse();
        passes(1);
        assertThat(budget.isRested()).isTrue();
    }

    @Test
    void whereNothingIsToldNothingIsCounted() throws IOException {
        Files.delete(proc.resolve("7/stat"));
        window();
        assertThat(budget.isRested()).isTrue();
    }

    @Test
    void inTheFirstMinuteAWindowGoesOnUntilItCostsAThird() throws IOException {
        window();
        thread("71", "C2 CompilerThre", 14);
        used(135);
        assertThat(budget.isPaidAtOnce()).as("12 of 35 s").isFalse();
        used(136);
        passes(10);
        assertThat(budget.isPaidAtOnce()).isTrue();
    }

    @Test
    void inTheFirstMinuteATargetWithLittleToDoMayUseHalfACoreForIt() throws IOException {
        window();
        thread("71", "C2 CompilerThre", 11);
        assertThat(budget.isPaidAtOnce()).isTrue();
        thread("71", "C2 CompilerThre", 12);
        passes(5);
        assertThat(budget.isPaidAtOnce()).as("6 of 11 s").isFalse();
        passes(1);
        assertThat(budget.isPaidAtOnce()).isTrue();
    }

    @Test
    void compilersThatWaitForACoreAreNotThrough() throws IOException {
        window();
        thread("71", "C2 CompilerThre", 10, 3_000_000_002L);
        used(103);
        assertThat(budget.isPaidAtOnce()).as("half a core is little").isTrue();
        window();
        thread("71", "C2 CompilerThre", 10, 6_000_000_003L);
        used(107);
        assertThat(budget.isPaidAtOnce()).isFalse();
        passes(2);
        assertThat(budget.isPaidAtOnce()).isTrue();
    }

    @Test
    void codeIsCompiledOnceTheCompilersWantLessThanHalfACore() throws IOException {
        budget.begin();
        passes(4);
        used(103);
        thread("71", "C2 CompilerThre", 11, 1_100_000_000L);
        assertThat(budget.isCompiled()).as("2.1 of 4 s").isFalse();
        passes(4);
        used(106);
        thread("71", "C2 CompilerThre", 13, 1_000_000_000L);
        assertThat(budget.isCompiled()).as("1.9 of 4 s").isTrue();
    }

    @Test
    void nobodyWaitsForTheCompilersOfATargetThatDoesLittle() throws IOException {
        budget.begin();
        passes(4);
        thread("71", "C2 CompilerThre", 10, 4_000_000_000L);
        used(102);
        assertThat(budget.isCompiled()).as("2 of 4 s").isTrue();
        passes(4);
        thread("71", "C2 CompilerThre", 10, 8_000_000_000L);
        used(105);
        assertThat(budget.isCompiled()).as("3 of 4 s").isFalse();
    }

    /** Six seconds. */
    private void window() {
        budget.begin();
        passes(6);
        budget.end();
    }

    private void passes(long seconds) {
        nanoTime += Duration.ofSeconds(seconds).toNanos();
    }

    private void used(long seconds) throws IOException {
        Files.createDirectories(proc.resolve("7/task"));
        String ticks = Long.toString(100 * seconds - 50);
        Files.writeString(
                proc.resolve("7/stat"), "7 (a (odd) name) S 1 2 3 4 5 6 7 8 9 10 " + ticks + " 50 0 0 20 0\n");
    }

    private void thread(String id, String name, long seconds) throws IOException {
        thread(id, name, seconds, 1);
    }

    private void thread(String id, String name, long seconds, long waitedNanos) throws IOException {
        Path task = Files.createDirectories(proc.resolve("7/task").resolve(id));
        Files.writeString(task.resolve("comm"), name + "\n");
        Files.writeString(task.resolve("schedstat"), seconds * 1_000_000_000L + " " + waitedNanos + " 2\n");
    }
}
