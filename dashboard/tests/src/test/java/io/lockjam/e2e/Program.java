// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A process that a test started, with its output; closing it ends it, and only it. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private Program(Process process) {
        this.process = process;
        readers.add(reader(process.inputReader(StandardCharsets.UTF_8), lines));
        readers.add(reader(process.errorReader(StandardCharsets.UTF_8), errors));
    }

    /** Starts the command. */
    static Program start(List<String> command) {
        return start(command, Map.of());
    }

    /** Starts the command with these variables in its environment. */
    static Program start(List<String> command, Map<String, String> variables) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(variables);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a demo, which prints its first line once it is at work. */
    static Program demo(Jdk jdk, String name, boolean fixed, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", property("lockjam.demosJar"), "io.lockjam.demo.Demos", name));
        if (fixed) {
            command.add("fixed");
        }
        return start(command);
    }

    /** Starts {@code java -jar lockjam.jar} with the arguments, on the given JDK. */
    static Program lockjam(Jdk jdk, String... arguments) {
        return start(lockjamCommand(jdk, arguments));
    }

    /** {@code java -jar lockjam.jar} with the arguments. */
    static List<String> lockjamCommand(Jdk jdk, String... arguments) {
        List<String> command = new ArrayList<>(List.of(jdk.java().toString(), "-jar", property("lockjam.jar")));
        command.addAll(List.of(arguments));
        return command;
    }

    static String property(String key) {
        return Path.of(Optional.ofNullable(System.getProperty(key))
                        .orElseThrow(() -> new IllegalStateException(key + " is not set")))
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits for the end and returns the exit code. */
    int await(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                close();
                throw new AssertionError("still running after " + limit + "\n" + transcript());
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a line of standard output and returns it. */
    String awaitLine(Predicate<String> wanted) {
        Awaitility.await().atMost(PATIENCE).until(() -> lines.stream().anyMatch(wanted) || !process.isAlive());
        return lines.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the line never came\n" + transcript()));
    }

    /** Waits for a line of standard error and returns it. */
    String awaitError(Predicate<String> wanted) {
        Awaitility.await().atMost(PATIENCE).until(() -> errors.stream().anyMatch(wanted) || !process.isAlive());
        return errors.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the line never came\n" + transcript()));
    }

    /** Sends a signal, such as INT or KILL. */
    void signal(String name) {
        assertThat(start(List.of("kill", "-" + name, Long.toString(pid()))).await(PATIENCE))
                .isZero();
    }

    String output() {
        return String.join("\n", lines);
    }

    String errors() {
        return String.join("\n", errors);
    }

    String transcript() {
        return "--- standard output\n" + output() + "\n--- standard error\n" + errors();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Thread reader(BufferedReader in, List<String> into) {
        Thread reader = new Thread(
                () -> {
                    try (in) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            into.add(line);
                        }
                    } catch (IOException ended) {
                        // the process was ended while it wrote
                    }
                },
                "output reader");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
