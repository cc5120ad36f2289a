// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** CPU of a server for each operation in the first minute of the race search, against the stretch before the attach. */
public final class FirstMinuteBench {
    private static final long WARM_MILLIS = 25_000;
    private static final long BASE_MILLIS = 10_000;
    private static final long STRETCH_MILLIS = 5_000;
    private static final int STRETCHES = 14;
    private static final int THREADS = 8;

    private final ServerProcess server;
    private final Load load;
    private final WatchingThreads compilers;

    private record Look(long cpuMicros, long compilerMicros, long operations) {
        double each(Look until) {
            return (double) (until.cpuMicros - cpuMicros) / (until.operations - operations);
        }
    }

    private FirstMinuteBench(ServerProcess server, Load load) {
        this.server = server;
        this.load = load;
        this.compilers = WatchingThreads.compilers(server.pid());
    }

    /**
     * Measures one service and prints the ratios.
     *
     * @param arguments the lockjam script, service, class path of the server, what to look for with {@code --races}, JVM options
     */
    public static void main(String[] arguments) throws Exception {
        Service service = Service.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path folder = Files.createTempDirectory("lockjam-bench");
        List<String> options = List.of(arguments).subList(4, arguments.length);
        try (ServerProcess server = ServerProcess.start(java, options, arguments[2], service, folder);
                Load load = Load.start(service, server.port(), THREADS)) {
            Thread.sleep(WARM_MILLIS);
            new FirstMinuteBench(server, load).run(arguments[0], arguments[3]);
        }
    }

    private void run(String script, String races) throws Exception {
        Look before = look();
        Thread.sleep(BASE_MILLIS);
        Look attached = look();
        double base = before.each(attached);
        String pid = Long.toString(server.pid());
        try (LockjamProcess lockjam = LockjamProcess.start(script, "attach", pid, "--races", races)) {
            Look from = look();
            Look begin = from;
            for (int i = 0; i < STRETCHES; i++) {
                Thread.sleep(STRETCH_MILLIS);
                Look to = look();
                System.out.printf(
                        Locale.ROOT,
                        "%3d s  %8.3f us  %.3f, compilers %.1f of %.1f s of CPU%n",
                        (i + 1) * STRETCH_MILLIS / 1_000,
                        from.each(to),
                        from.each(to) / base,
                        (to.compilerMicros - from.compilerMicros) / 1e6,
                        (to.cpuMicros - from.cpuMicros) / 1e6);
                from = to;
            }
            System.out.printf(
                    Locale.ROOT,
                    "CPU for each operation, first %d s to before: %.3f (%.3f us before)%n",
                    STRETCHES * STRETCH_MILLIS / 1_000,
                    begin.each(from) / base,
                    base);
            System.out.println(lockjam.get("races", "identity").replaceFirst("(?s).*\"search\"\\s*:", ""));
        }
    }

    private Look look() throws IOException {
        return new Look(
                server.figures().cpuMicros(), compilers.read().micros(), load.operations());
    }
}
