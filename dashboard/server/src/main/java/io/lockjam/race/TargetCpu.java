// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** CPU that a JVM has used since it began, as Linux tells. Of one thread. */
final class TargetCpu {
    /** Names as the kernel cuts them. */
    private static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre", "JVMCI CompilerT");

    /** Field of {@code stat}, counted from behind the command's name. */
    private static final int USER = 11;

    /** USER_HZ is 100 on every architecture that runs HotSpot. */
    private static final long TICK_MILLIS = 10;

    private final Path process;
    /** By thread, so that what one had used that has ended is not lost, but for what came after it was last read. */
    private final Map<Path, Used> compilers = new HashMap<>();

    /** @param wanted with the time that it was ready to run and had no core */
    record Used(Duration ran, Duration wanted) {
        static final Used NOTHING = new Used(Duration.ZERO, Duration.ZERO);

        private Used plus(Used more) {
            return new Used(ran.plus(more.ran), wanted.plus(more.wanted));
        }
    }

    /** @param proc as a rule {@code /proc} */
    TargetCpu(Path proc, long pid) {
        process = proc.resolve(Long.toString(pid));
    }

    /** Of all threads. */
    Duration all() throws IOException {
        String stat = text(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis(TICK_MILLIS * (Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1])));
    }

    /** Of the compilers; looks at each thread's name. */
    Used compilers() throws IOException {
        List<Path> tasks;
        try (Stream<Path> listed = Files.list(process.resolve("task"))) {
            tasks = listed.toList();
        }
        for (Path task : tasks) {
            try {
                if (COMPILERS.contains(text(task.resolve("comm")).strip())) {
                    String[] fields = text(task.resolve("schedstat")).strip().split(" ");
                    Duration ran = Duration.ofNanos(Long.parseLong(fields[0]));
                    compilers.put(task, new Used(ran, ran.plusNanos(Long.parseLong(fields[1]))));
                }
            } catch (NoSuchFileException ended) {
                // since it was listed
            }
        }
        return compilers.values().stream().reduce(Used.NOTHING, Used::plus);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
