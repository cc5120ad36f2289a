// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lockjam process that {@code serve=PORT} starts for this JVM; what it prints goes to standard error. */
final class Companion {
    private final Process process;

    private Companion(Process process) {
        this.process = process;
    }

    /** Null, and a line on standard error, if there is no lockjam.jar beside the agent jar. */
    static @Nullable Companion start(AgentConfig config, OwnThreads threads) throws IOException {
        File jar = new File(BootClasses.agentJar().getParentFile(), "lockjam.jar");
        if (!jar.isFile()) {
            Console.say("serve: expected " + jar + " beside the agent jar, but it is not there; no dashboard");
            return null;
        }
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        String pid = Long.toString(ProcessHandle.current().pid());
        List<String> arguments = new ArrayList<>(List.of(java, "-jar", jar.getPath(), "attach", pid));
        arguments.addAll(List.of("--port", Integer.toString(config.servePort()), "--no-open", "--keep"));
        arguments.addAll(List.of("--depth", config.depth(), "--races", String.join(",", config.races())));
        ProcessBuilder command = new ProcessBuilder(arguments);
        command.environment().remove("JAVA_TOOL_OPTIONS"); // or the companion would be watched too
        command.environment().remove("JDK_JAVA_OPTIONS");
        Process process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        threads.start("Companion", () -> copy(process));
        return new Companion(process);
    }

    void close() {
        process.destroy();
    }

    private static void copy(Process process) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Console.say(line.startsWith(Console.NAME) ? line.substring(Console.NAME.length()) : line);
            }
        } catch (IOException ended) {
            // closed with the process
        }
    }
}
