// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts JVMs for tests to attach to: one that only waits, on each JDK of the machine that is supported. */
final class Jvm17And25 implements AutoCloseable {
    private final Process process;

    private Jvm17And25(Process process) {
        this.process = process;
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
        Path source = Files.createTempDirectory("waiting").resolve("Waiting.java");
        Files.writeString(
                source,
                "public class Waiting { public static void main(String[] a) throws Exception {"
                        + " System.out.println(\"up\"); System.in.read(); } }");
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(List.of(options));
        command.add(source.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != 'u') {
            throw new IOException(command + " did not start");
        }
        return new Jvm17And25(process);
    }

    long pid() {
        return process.pid();
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
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    private static int feature(Path home) throws IOException {
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
