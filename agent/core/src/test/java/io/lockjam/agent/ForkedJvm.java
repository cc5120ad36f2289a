// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A JVM started for one test, with {@link ContendedApp} or another program in it. */
final class ForkedJvm implements AutoCloseable {
    /** The jar as it is shipped. */
    static final Path AGENT = Path.of(System.getProperty("lockjam.agentJar", "../../target/lockjam-agent.jar"))
            .toAbsolutePath()
            .normalize();

    final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();

    private ForkedJvm(Process process) {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** JAVA_HOMEs of a 17 and a 25, as far as this machine has them, or what {@code lockjam.jdks} lists. */
    static Stream<Path> jdks() throws IOException {
        String given = System.getProperty("lockjam.jdks");
        if (given != null) {
            return Stream.of(given.split(",")).map(Path::of);
        }
        List<Path> found = new ArrayList<>();
        found.add(Path.of(System.getProperty("java.home")));
        Path usual = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(usual)) {
            try (Stream<Path> all = Files.list(usual)) {
                all.filter(home -> home.getFileName().toString().contains("25"))
                        .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                        .limit(1)
                        .forEach(found::add);
            }
        }
        return found.stream();
    }

    static ForkedJvm start(Path home, String... options) throws IOException {
        return start(home, ContendedApp.class, List.of(), options);
    }

    static ForkedJvm start(Path home, Class<?> app, List<String> arguments, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", "target/test-classes", app.getName()));
        command.addAll(arguments);
        ForkedJvm jvm = new ForkedJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        jvm.await("ready");
        return jvm;
    }

    void attach(String arguments) throws Exception {
        attach(AGENT, arguments);
    }

    void attach(Path agent, String arguments) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
        try {
            machine.loadAgent(agent.toString(), arguments);
        } finally {
            machine.detach();
        }
    }

    /** Reads its output up to this line. */
    void await(String wanted) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.equals(wanted)) {
                return;
            }
        }
        throw new IOException("ended without '" + wanted + "': " + lines);
    }

    /** Has it end and returns all it printed. */
    List<String> end() throws Exception {
        process.getOutputStream().close();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
        }
        process.waitFor();
        return lines;
    }

    /** What it printed about itself or about us, apart from the JVM's own warnings. */
    static List<String> ours(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("lockjam:") || line.startsWith("left behind"))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
