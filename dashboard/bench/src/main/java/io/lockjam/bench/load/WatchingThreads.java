// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Some threads in the server, by their names in {@code /proc}: those that are there only because somebody watches, ours and those of JFR; or
 * its compilers.
 *
 * <p>Their CPU is exact where the ratio of two stretches is noise; what the hooks add to the application's own threads is not in it.
 */
final class WatchingThreads {
    private static final List<String> OURS_AND_JFR = List.of("Lockjam", "JFR");

    private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

    private final Path tasks;
    private final List<String> names;
    private final Map<String, Long> nanos = new TreeMap<>();
    private long allMicros;

    private WatchingThreads(long pid, List<String> names) {
        this.tasks = Path.of("/proc", Long.toString(pid), "task");
        this.names = names;
    }

    static WatchingThreads oursAndJfr(long pid) {
        return new WatchingThreads(pid, OURS_AND_JFR);
    }

    static WatchingThreads compilers(long pid) {
        return new WatchingThreads(pid, COMPILERS);
    }

    /** @param nanos CPU so far, by thread's name, which the kernel cuts to 15 characters */
    record Reading(Map<String, Long> nanos) {
        long micros() {
            return nanos.values().stream().mapToLong(Long::longValue).sum() / 1_000;
        }
    }

    Reading read() throws IOException {
        Map<String, Long> byName = new TreeMap<>();
        for (Path task : list()) {
            try {
                String name = Files.readString(task.resolve("comm")).strip();
                if (names.stream().anyMatch(name::startsWith)) {
                    String spent = Files.readString(task.resolve("schedstat")).split(" ")[0];
                    byName.merge(name, Long.parseLong(spent), Long::sum);
                }
            } catch (NoSuchFileException ended) {
                // no thread of ours: they live as long as we stay
            }
        }
        return new Reading(byName);
    }

    /** @param micros CPU of all threads in between */
    void add(Reading before, Reading after, long micros) {
        after.nanos()
                .forEach((name, spent) ->
                        nanos.merge(name, spent - before.nanos().getOrDefault(name, 0L), Long::sum));
        allMicros += micros;
    }

    void clear() {
        nanos.clear();
        allMicros = 0;
    }

    /** For example {@code JFR Sampler 0.31 %, Lockjam Ticker 0.52 %}. */
    String shares() {
        List<String> shares = new ArrayList<>();
        nanos.forEach(
                (name, spent) -> shares.add(String.format(Locale.ROOT, "%s %.2f %%", name, spent / 10.0 / allMicros)));
        return String.join(", ", shares);
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> each = Files.list(tasks)) {
            return each.toList();
        }
    }
}
