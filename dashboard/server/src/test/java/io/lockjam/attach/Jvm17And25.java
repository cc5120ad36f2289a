// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts JVMs for tests to attach to, with {@link Troubled} in them, on each JDK of the machine that is supported. */
final class Jvm17And25 implements AutoCloseable {
    private static final Pattern UP = Pattern.compile("up");
    private static final Pattern NUMBERS = Pattern.compile("\\d+ \\d+");

    private final Process process;
    private final BufferedReader out;

    private Jvm17And25(Process process) {
        this.process = process;
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Homes of the JDKs 17 and later under {@code /usr/lib/jvm}, one of each feature; at least the one we run on. */
    static Stream<Path> homes() {
        Path usual = Path.of("/usr/lib/jvm");
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        try (Stream<Path> found = Files.isDirectory(usual) ? Files.list(usual) : Stream.empty()) {
            List<Integer> features = new ArrayList<>(List.of(Runtime.version().feature()));
            for (Path home : found.sorted().toList()) {
                int feature = feature(home);
                if (feature >= JdkVersion.OLDEST && !features.contains(feature)) {
                    features.add(feature);
                    homes.add(home);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return homes.stream();
    }

    /** Returns once {@code main} runs. */
    static Jvm17And25 start(Path home, String... options) throws IOException {
        return start(command(home, List.of(options)));
    }

    /** The command that starts {@link Troubled}. */
    static List<String> command(Path home, List<String> options, String... troubles) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classes().toString(), Troubled.class.getName()));
        command.addAll(List.of(troubles));
        return command;
    }

    /** Where {@link Troubled} is. */
    static Path classes() {
        return Path.of(Troubled.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    /** Runs a command that ends up in {@link Troubled}; returns once it is at work. */
    static Jvm17And25 start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Jvm17And25 jvm = new Jvm17And25(process);
        if (jvm.awaitLine(UP) == null) {
            jvm.end();
            throw new IOException(command + " did not start");
        }
        return jvm;
    }

    /** How many turns its workers took so far; it is at work only if the number grows. */
    long turns() throws IOException {
        return answer()[0];
    }

    /** How many errors it met so far. */
    long errors() throws IOException {
        return answer()[1];
    }

    /** The next line of this form, after words of the JVM's own; null if there is none. */
    private @Nullable String awaitLine(Pattern form) throws IOException {
        String line = out.readLine();
        while (line != null && !form.matcher(line).matches()) {
            System.err.println(line);
            line = out.readLine();
        }
        return line;
    }

    /** From now on it is in this trouble, too. */
    void begin(String trouble) throws IOException {
        process.getOutputStream().write(trouble.getBytes(StandardCharsets.UTF_8));
        answer();
    }

    private long[] answer() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String line = awaitLine(NUMBERS);
        if (line == null) {
            throw new IOException("it has ended");
        }
        return Stream.of(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    }

    /** Of the JVM itself, also if another program has started it and waits for it. */
    long pid() {
        return process.descendants().mapToLong(ProcessHandle::pid).findFirst().orElse(process.pid());
    }

    boolean alive() {
        return process.isAlive();
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Ends it the hard way and waits until it is gone. */
    void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/javac")) || !Files.exists(release)) {
            return 0;
        }
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .mapToInt(line -> JdkVersion.feature(
                        line.substring("JAVA_VERSION=".length()).replace("\"", "")))
                .findFirst()
                .orElse(0);
    }
}
