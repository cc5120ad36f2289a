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

/** The server in a JVM of its own, and what the kernel says of it. */
final class ServerProcess implements AutoCloseable {
    /** Clock ticks a second in /proc: USER_HZ is 100 on every architecture that runs HotSpot. */
    private static final long TICK_MICROS = 10_000;

    /** Fields 14 and 15 of /proc/PID/stat, counted from after the command's name, which is field 2. */
    private static final int USER = 11;

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

    /** CPU time of all its threads so far, those that have ended included. */
    long cpuMicros() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1])) * TICK_MICROS;
    }

    /** Memory that is resident now. */
    long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("process " + pid() + " has ended");
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
