// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Recordings made by {@link Contention} in a forked JVM, and the facts in them. */
final class Recordings {
    private Recordings() {}

    /** The JDK that runs the tests, and those of {@code LOCKJAM_TEST_JDKS} or, without that, a 25 in the usual place. */
    static Stream<Path> javaHomes() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        String given = System.getenv("LOCKJAM_TEST_JDKS");
        if (given != null) {
            Stream.of(given.split(":")).map(Path::of).forEach(homes::add);
        } else if (Files.isDirectory(Path.of("/usr/lib/jvm"))) {
            try (Stream<Path> all = Files.list(Path.of("/usr/lib/jvm"))) {
                all.filter(home -> home.getFileName().toString().contains("25")).forEach(homes::add);
            }
        }
        return homes.stream().filter(home -> Files.isExecutable(home.resolve("bin/java")));
    }

    static Process start(Path javaHome, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                javaHome.resolve("bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Contention.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static Path make(Path javaHome, Path file, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(file.toString()));
        arguments.addAll(List.of(more));
        Process process = start(javaHome, arguments.toArray(String[]::new));
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the fixture ended with code " + process.exitValue());
        }
        return file;
    }

    static List<Fact> read(Path file) throws UnreadableRecordingException {
        List<Fact> facts = new ArrayList<>();
        new FileSource(file).read(facts::add, (read, total) -> {});
        return facts;
    }

    static <T extends Fact> List<T> only(Class<T> type, List<Fact> facts) {
        return facts.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
