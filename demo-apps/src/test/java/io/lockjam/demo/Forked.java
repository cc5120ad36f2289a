// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A main class of this module in a JVM of its own. */
public final class Forked implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    private Forked(Process process, Path errors) {
        this.process = process;
        this.out = process.inputReader();
        this.errors = errors;
    }

    public static Forked start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** With options of the JVM. */
    static Forked start(List<String> options, Class<?> main, String... arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile("demo", ".err");
        return new Forked(
                new ProcessBuilder(command)
                        .redirectError(Redirect.to(errors.toFile()))
                        .start(),
                errors);
    }

    /** Waits for the first line that is {@code wanted}; null if the program ends without it. */
    public @Nullable String await(Predicate<String> wanted) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (wanted.test(line)) {
                return line;
            }
        }
        return null;
    }

    /** Reads to the end. */
    public List<String> lines() {
        return out.lines().toList();
    }

    /** Sends it a line on its standard input. */
    public void sendLine() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** What it sees of us when we are killed: its standard input ends. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for its end and returns its status. */
    public int status() throws InterruptedException {
        return process.waitFor();
    }

    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
