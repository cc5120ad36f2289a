// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The server in a JVM of its own. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param classPath without anything of Lockjam */
    static ServerProcess start(Path java, List<String> options, String classPath, Service service, Path folder)
            throws IOException {
        int port = freePort();
        List<String> command = new java.util.ArrayList<>(List.of(java.toString(), "-Xms512m", "-Xmx512m"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, service.main(), Integer.toString(port), folder.toString()));
        File errors = folder.resolve("server.log").toFile();
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); !"ready".equals(line); line = said.readLine()) {
            if (line == null) {
                process.destroyForcibly();
                throw new IOException("the server did not start:\n" + Files.readString(errors.toPath()));
            }
        }
        return new ServerProcess(process, port);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    ProcessFigures figures() {
        return new ProcessFigures(pid());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
