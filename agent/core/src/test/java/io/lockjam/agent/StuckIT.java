// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockjam.control.FactRow;
import io.lockjam.control.ThreadRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a snapshot says of threads that are stuck, and of pools that were there before it. */
class StuckIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Snapshots, one a second, in which two threads that wait for each other are told. */
    private static final int LONG_ENOUGH = 8;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void classesThatInitialiseEachOther(Path home) throws Exception {
        Map<String, String> waits = cycle(home, "class-init", "class-init");
        assertThat(waits).containsEntry("first", "second").containsEntry("second", "first");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void aClassThatNeedsItsSubclass(Path home) throws Exception {
        Map<String, String> waits = cycle(home, "subclass-init", "class-init");
        assertThat(waits).containsEntry("first", "second").containsEntry("second", "first");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void anInitialiserThatWaitsForAThreadThatNeedsTheClass(Path home) throws Exception {
        assertThat(cycle(home, "initialiser-waits", "class-init")).containsEntry("second", "first");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void anInitialiserThatWaitsForAParallelStreamOfItsClass(Path home) throws Exception {
        assertThat(cycle(home, "initialiser-streams", "class-init")).containsValue("first");
    }

    /** The class that the superclass needs is initialised by a third thread, which sleeps meanwhile. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void aSuperclassThatNeedsAClassOfAThird(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, "superclass-waits", lockjam)) {
            await().atMost(PATIENCE)
                    .until(() -> "stands".equals(reasons(lockjam).get("second")));
            long seen = snapshots(lockjam);
            await().atMost(PATIENCE).until(() -> snapshots(lockjam) > seen + LONG_ENOUGH);
            assertThat(namesOf(lockjam, "class-init")).isEmpty();
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    private static long snapshots(LockjamProcess lockjam) {
        return lockjam.facts.stream()
                .filter(row -> row.event().equals("lockjam.ThreadStates"))
                .count();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void readersThatBothWantToWrite(Path home) throws Exception {
        Map<String, String> waits = cycle(home, "upgrade", "write");
        assertThat(waits).containsEntry("reader-1", "reader-2").containsEntry("reader-2", "reader-1");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void aWriterAndAReaderThatWasNotTheFirst(Path home) throws Exception {
        Map<String, String> waits = cycle(home, "readers", "write");
        assertThat(waits).containsEntry("writer", "reader");
    }

    static Stream<Path> jdksWithVirtualMonitors() throws Exception {
        return ForkedJvm.jdks().filter(home -> home.getFileName().toString().contains("25"));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("jdksWithVirtualMonitors")
    void virtualThreadsWithAMonitorEach(Path home) throws Exception {
        findsTheCycle(home, "virtual-monitors");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("jdksWithVirtualMonitors")
    void virtualThreadsOfAScopeWithAMonitorEach(Path home) throws Exception {
        findsTheCycle(home, "scope-monitors", "--enable-preview");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("jdksWithVirtualMonitors")
    void virtualThreadsWithoutACarrier(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, "carriers", lockjam, "-Djdk.virtualThreadScheduler.parallelism=1")) {
            await().atMost(PATIENCE).until(() -> !pool(lockjam, "carriers").isEmpty());
            assertThat(pool(lockjam, "carriers"))
                    .containsEntry("maxSize", 1)
                    .containsEntry("busy", 1)
                    .containsEntry("queueDepth", 3);
            await().atMost(PATIENCE).until(() -> !pool(lockjam, "per-task").isEmpty());
            assertThat(pool(lockjam, "per-task")).containsEntry("size", 4).containsEntry("completions", 0L);
            await().atMost(PATIENCE).until(() -> lockjam.facts.stream().anyMatch(StuckIT::isPinned));
            lockjam.leave();
            assertThat(lockjam.facts)
                    .noneMatch(
                            row -> "java.lang.VirtualThread".equals(row.fields().get("lockClassName")));
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("jdksWithVirtualMonitors")
    void tasksWithAThreadEach(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, "per-task", lockjam)) {
            await().atMost(PATIENCE)
                    .until(() -> pools(lockjam, "per-task").anyMatch(row -> number(row, "busyMost") == 1));
            await().atMost(PATIENCE).until(() -> lockjam.facts.stream().anyMatch(StuckIT::isVirtualSleep));
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("jdksWithVirtualMonitors")
    void aPoolOfVirtualThreadsSaysSoAndHasNoName(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, "virtual-pool", lockjam)) {
            await().atMost(PATIENCE)
                    .until(() -> !pool(lockjam, "virtual-threads").isEmpty());
            assertThat(pool(lockjam, "virtual-threads"))
                    .containsEntry("size", 2)
                    .containsEntry("poolName", null);
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    private static void findsTheCycle(Path home, String program, String... options) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, program, lockjam, options)) {
            await().atMost(PATIENCE).until(() -> closesACycle(threadsOf(lockjam, "monitor")));
            assertThat(lockjam.state().lastFault()).isEmpty();
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void poolsThatWereThereBefore(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm =
                        started(home, "pools", lockjam, "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2")) {
            await().atMost(PATIENCE)
                    .until(() -> !pool(lockjam, "threads").isEmpty()
                            && !pool(lockjam, "fork-join").isEmpty());
            Map<String, @Nullable Object> threads = pool(lockjam, "threads");
            assertThat(threads)
                    .containsEntry("size", 7)
                    .containsEntry("maxSize", 9)
                    .containsEntry("queueCapacity", 11)
                    .containsEntry("busy", 0);
            assertThat(pool(lockjam, "fork-join")).containsEntry("maxSize", 2);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reasons(lockjam))
                            .containsEntry("taker", "taker")
                            .containsEntry("putter", "waiter"));
            assertThat(reasons(lockjam).keySet()).noneMatch(name -> name.startsWith("pool-"));
            await().atMost(PATIENCE).until(() -> lockjam.facts.stream().anyMatch(StuckIT::isPut));
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("io.lockjam.agent.ForkedJvm#jdks")
    void tellsWhoSpinsInYield(Path home) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, "yield", lockjam)) {
            await().atMost(PATIENCE).until(() -> lockjam.facts.stream().anyMatch(StuckIT::yields));
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
        }
    }

    /** Why the stacks of threads were told, by their names. */
    private static Map<String, String> reasons(LockjamProcess lockjam) {
        return lockjam.facts.stream()
                .filter(row -> row.event().equals("lockjam.ThreadStack"))
                .collect(Collectors.toMap(
                        row -> thread(row, "thread").name(),
                        row -> String.valueOf(row.fields().get("reason")),
                        (one, other) -> other));
    }

    private static boolean isPinned(FactRow row) {
        return row.event().equals("lockjam.ThreadStack")
                && "pinned".equals(row.fields().get("reason"))
                && String.valueOf(row.fields().get("stack")).contains("StuckApp$Waits.<clinit>");
    }

    private static boolean isPut(FactRow row) {
        return row.event().equals("lockjam.WaitNow")
                && "queue-put".equals(row.fields().get("kind"))
                && thread(row, "waiter").name().equals("putter");
    }

    private static boolean isVirtualSleep(FactRow row) {
        return row.event().equals("lockjam.ThreadStack")
                && "virtual".equals(row.fields().get("reason"))
                && String.valueOf(row.fields().get("stack")).contains("StuckApp.lambda$perTask");
    }

    private static boolean yields(FactRow row) {
        return row.event().equals("lockjam.ThreadStack")
                && "yields".equals(row.fields().get("reason"))
                && thread(row, "thread").name().equals("yielder");
    }

    /** Waits until two waiters of this kind have owners; returns waiter to owner, by name. */
    private static Map<String, String> cycle(Path home, String program, String kind) throws Exception {
        try (LockjamProcess lockjam = new LockjamProcess(ForkedJvm.AGENT);
                ForkedJvm jvm = started(home, program, lockjam)) {
            int wanted = program.equals("readers") || program.startsWith("initialiser-") ? 1 : 2;
            await().atMost(PATIENCE).until(() -> namesOf(lockjam, kind).size() >= wanted);
            Map<String, String> found = namesOf(lockjam, kind);
            await().atMost(PATIENCE).until(() -> stacksOf(lockjam).containsAll(found.keySet()));
            assertThat(lockjam.state().lastFault()).isEmpty();
            lockjam.leave();
            assertThat(ForkedJvm.ours(jvm.end())).isEmpty();
            return found;
        }
    }

    private static ForkedJvm started(Path home, String program, LockjamProcess lockjam, String... options)
            throws Exception {
        ForkedJvm jvm = ForkedJvm.start(home, StuckApp.class, List.of(program), options);
        jvm.attach("connect=" + lockjam.socket() + ",memory=true,grace=0,token=" + LockjamProcess.TOKEN);
        lockjam.accept();
        lockjam.weave();
        return jvm;
    }

    private static Map<String, String> namesOf(LockjamProcess lockjam, String kind) {
        Map<String, String> names = new HashMap<>();
        for (FactRow row : lockjam.facts) {
            if (isOwned(row, kind)) {
                names.put(thread(row, "waiter").name(), thread(row, "owner").name());
            }
        }
        return names;
    }

    /** Names of the threads whose stacks were told. */
    private static Set<String> stacksOf(LockjamProcess lockjam) {
        return lockjam.facts.stream()
                .filter(row -> row.event().equals("lockjam.ThreadStack"))
                .map(row -> thread(row, "thread").name())
                .collect(Collectors.toSet());
    }

    private static Map<Long, Long> threadsOf(LockjamProcess lockjam, String kind) {
        Map<Long, Long> threads = new HashMap<>();
        for (FactRow row : lockjam.facts) {
            if (isOwned(row, kind)) {
                threads.put(thread(row, "waiter").id(), thread(row, "owner").id());
            }
        }
        return threads;
    }

    private static ThreadRow thread(FactRow row, String field) {
        return (ThreadRow) Objects.requireNonNull(row.fields().get(field));
    }

    private static boolean isOwned(FactRow row, String kind) {
        return row.event().equals("lockjam.WaitNow")
                && kind.equals(row.fields().get("kind"))
                && row.fields().get("owner") instanceof ThreadRow;
    }

    private static boolean closesACycle(Map<Long, Long> waits) {
        return waits.entrySet().stream().anyMatch(each -> each.getKey().equals(waits.get(each.getValue())));
    }

    /** The fields of the first totals of a pool of this type; empty if there are none yet. */
    private static Map<String, @Nullable Object> pool(LockjamProcess lockjam, String type) {
        return pools(lockjam, type).findFirst().map(FactRow::fields).orElse(Map.of());
    }

    private static Stream<FactRow> pools(LockjamProcess lockjam, String type) {
        return lockjam.facts.stream()
                .filter(row -> row.event().equals("lockjam.PoolTotals")
                        && type.equals(row.fields().get("type")));
    }

    private static long number(FactRow row, String field) {
        return ((Number) Objects.requireNonNull(row.fields().get(field))).longValue();
    }
}
