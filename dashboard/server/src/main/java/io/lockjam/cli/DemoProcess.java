// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.Jvms;
import io.lockjam.attach.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demos in a JVM of their own, from the jar that travels inside ours; gone without trace when closed. */
final class DemoProcess implements AutoCloseable {
    private static final String RESOURCE = "/META-INF/lockjam/lockjam-demos.jar";
    /** Where it is when we do not run from our jar, as in tests. */
    private static final String PROPERTY = "lockjam.demosJar";

    private static final String MAIN = "io.lockjam.demo.Demos";
    private static final long START_SECONDS = 20;
    private static final long END_SECONDS = 5;

    private final Path folder;
    private final Process process;

    private DemoProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** @param talk whether the demo's own words go to standard error; else they are dropped */
    static DemoProcess start(List<String> arguments, boolean talk) throws IOException {
        ProcessBuilder.Redirect words = talk ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.DISCARD;
        return run(
                arguments,
                builder -> builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(talk ? words : ProcessBuilder.Redirect.INHERIT));
    }

    /** What {@code Demos} prints with these arguments. */
    static String output(List<String> arguments) throws IOException {
        try (DemoProcess demo = run(arguments, builder -> builder.redirectError(ProcessBuilder.Redirect.INHERIT))) {
            return new String(demo.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Waits until the JVM shows itself; null if it ended before. */
    @Nullable
    Target target() throws AttachException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive()) {
            boolean up = Jvms.find(process.pid())
                    .filter(jvm -> jvm.mainClass().equals(MAIN) && !jvm.jdk().isEmpty())
                    .isPresent();
            if (up || System.nanoTime() > deadline) {
                return Target.ofPid(process.pid());
            }
            Thread.sleep(20);
        }
        return null;
    }

    int exitValue() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(folder.resolve("demos.jar"));
            Files.deleteIfExists(folder);
        } catch (InterruptedException cut) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException busy) {
            return; // the system empties its temporary folder
        }
    }

    private interface Setting {
        ProcessBuilder of(ProcessBuilder builder);
    }

    private static DemoProcess run(List<String> arguments, Setting setting) throws IOException {
        Path folder = Files.createTempDirectory("lockjam-demo");
        try {
            Path jar = folder.resolve("demos.jar");
            try (InputStream inside = jar()) {
                Files.copy(inside, jar);
            }
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of("-Dlockjam.demo.tied=true", "-cp", jar.toString(), MAIN)); // ends even if we are killed
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command);
            return new DemoProcess(folder, setting.of(builder).start());
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(folder.resolve("demos.jar"));
            Files.deleteIfExists(folder);
            throw failed;
        }
    }

    private static InputStream jar() throws IOException {
        InputStream inside = DemoProcess.class.getResourceAsStream(RESOURCE);
        if (inside != null) {
            return inside;
        }
        String outside = System.getProperty(PROPERTY);
        if (outside == null) {
            throw new IOException("this lockjam.jar does not hold the demos");
        }
        return Files.newInputStream(Path.of(outside));
    }
}
