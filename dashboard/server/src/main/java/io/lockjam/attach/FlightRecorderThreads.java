// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a Flight Recorder still writes what it records: an OutOfMemoryError ends its thread "JFR Periodic Tasks" for good (seen on 17 and
 * 25), and nobody says so.
 */
final class FlightRecorderThreads {
    /** As long as the kernel keeps a name. */
    private static final int LENGTH = 15;

    private static final String RECORDER = "JFR Recorder Thread".substring(0, LENGTH);
    private static final String WRITER = "JFR Periodic Tasks".substring(0, LENGTH);

    /** A new thread gets its name a moment after it has begun. */
    private static final int LOOKS = 20;

    private static final long PAUSE_MILLIS = 50;

    private final Path tasks;

    FlightRecorderThreads(ProcFolder proc) {
        this(proc.folder().resolve("task"));
    }

    FlightRecorderThreads(Path tasks) {
        this.tasks = tasks;
    }

    /** True also where that cannot be told. */
    boolean write() {
        try {
            Set<String> names = names();
            for (int i = 1; i < LOOKS && !names.contains(WRITER); i++) {
                Thread.sleep(PAUSE_MILLIS);
                names = names();
            }
            return names.contains(WRITER) || !names.contains(RECORDER);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return true;
        } catch (IOException | UncheckedIOException hidden) {
            return true;
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.map(FlightRecorderThreads::name).collect(Collectors.toSet());
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }
}
