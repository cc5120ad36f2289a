// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of demos, what each says of itself, and what the documentation says of it. */
final class DemoListTest {
    private static final Path SOURCES = Path.of("src/main/java/io/lockjam/demo");
    private static final Path TABLE = Path.of("../docs/demos.md");
    /** All kinds of finding. */
    private static final Set<String> KINDS = Set.of(
            "data-race",
            "lock-contention",
            "global-lock",
            "lock-convoy",
            "lock-held-across-blocking",
            "lock-order-inversion",
            "deadlock",
            "pool-starvation",
            "pool-oversized",
            "pool-undersized",
            "pool-queue-growth",
            "pool-rejections",
            "thread-churn",
            "thread-leak",
            "queue-backlog",
            "queue-starved",
            "event-loop-blocked",
            "virtual-thread-pinned",
            "cpu-oversubscribed",
            "busy-wait",
            "lost-wakeup");

    @Test
    void eachKindOfFindingHasADemo() {
        Set<String> shown = new TreeSet<>();
        for (Demo demo : Demo.values()) {
            shown.addAll(demo.kinds());
        }
        assertThat(shown).isEqualTo(new TreeSet<>(KINDS));
    }

    @Test
    void listsOneLinePerDemoWithTabs() throws Exception {
        try (Forked run = Forked.start(Demos.class, "--list")) {
            List<String> lines = run.lines();
            assertThat(lines).hasSize(Demo.values().length);
            assertThat(lines).allMatch(line -> line.matches("[a-z-]+\t[a-z-]+( [a-z-]+)*\t[A-Z][^\t]+\\."));
            assertThat(lines.stream().map(line -> line.split("\t")[0])).doesNotHaveDuplicates();
            assertThat(run.status()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysAtTheTopWhatLockjamReports(Demo demo) throws IOException {
        String comment = source(demo).split("public final class", 2)[0].replaceAll("\\s+\\*?\\s*", " ");
        assertThat(comment).contains("Lockjam reports: ").contains("cure").contains(demo.kinds());
    }

    @ParameterizedTest
    @EnumSource
    void standsInTheTableOfTheDocumentation(Demo demo) throws IOException {
        assertThat(Files.readAllLines(TABLE))
                .filteredOn(line -> line.startsWith("| `" + demo.id() + "` |"))
                .singleElement()
                .asString()
                .contains(demo.kinds());
    }

    @Test
    void theTableHasTheOrderOfTheList() throws IOException {
        List<String> rows;
        try (Stream<String> lines = Files.lines(TABLE)) {
            rows = lines.filter(line -> line.startsWith("| `"))
                    .map(line -> line.split("`")[1])
                    .toList();
        }
        assertThat(rows).isEqualTo(Arrays.stream(Demo.values()).map(Demo::id).toList());
    }

    private static String source(Demo demo) throws IOException {
        Path folder = SOURCES.resolve(demo.id().replace("-", ""));
        try (Stream<Path> files = Files.list(folder)) {
            Path named = files.filter(file -> file.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .equals(demo.id().replace("-", "") + ".java"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(named);
        }
    }
}
