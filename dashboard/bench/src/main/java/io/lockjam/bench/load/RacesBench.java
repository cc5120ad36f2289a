// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import io.lockjam.bench.PairedRatios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CPU of a server for each operation over whole turns of the race search, against the rests within them.
 *
 * <p>A turn goes from the end of one window to the end of the next: code compiled anew, rest, weaving, window. What it is compared with
 * is the rest between them once the compiler is done.
 */
public final class RacesBench {
    private static final long WARM_MILLIS = 20_000;
    /** The search does not rest in its first minute. */
    private static final long FIRST_LOOK_MILLIS = 70_000;

    private static final long LOOK_MILLIS = 500;
    private static final long COMPILES_MILLIS = 15_000;
    private static final long WEAVES_MILLIS = 4_000;
    private static final int THREADS = 8;

    private final ServerProcess server;
    private final Load load;
    private final LockjamProcess lockjam;
    private final WatchingThreads compilers;

    private record Look(long millis, long cpuMicros, long compilerMicros, long operations, boolean armed) {
        double each(Look until) {
            return (double) (until.cpuMicros - cpuMicros) / (until.operations - operations);
        }
    }

    private RacesBench(ServerProcess server, Load load, LockjamProcess lockjam) {
        this.server = server;
        this.load = load;
        this.lockjam = lockjam;
        this.compilers = WatchingThreads.compilers(server.pid());
    }

    /**
     * Measures one service and prints the ratio.
     *
     * @param arguments the lockjam script, service, number of turns, class path of the server
     */
    public static void main(String[] arguments) throws Exception {
        Service service = Service.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path folder = Files.createTempDirectory("lockjam-bench");
        try (ServerProcess server = ServerProcess.start(java, List.of(), arguments[3], service, folder);
                Load load = Load.start(service, server.port(), THREADS)) {
            Thread.sleep(WARM_MILLIS);
            String pid = Long.toString(server.pid());
            try (LockjamProcess lockjam = LockjamProcess.start(arguments[0], "attach", pid, "--races", "auto")) {
                Thread.sleep(FIRST_LOOK_MILLIS);
                new RacesBench(server, load, lockjam).turns(Integer.parseInt(arguments[2]));
            }
        }
    }

    private void turns(int wanted) throws Exception {
        PairedRatios ratios = new PairedRatios();
        List<Look> turn = new ArrayList<>();
        boolean begun = false;
        for (int turns = 0; turns < wanted; ) {
            turn.add(look());
            Look last = turn.get(turn.size() - 1);
            boolean closed = turn.size() > 1 && !last.armed && turn.get(turn.size() - 2).armed;
            if (closed && begun) {
                turns++;
                add(turn, ratios);
            }
            if (closed) {
                begun = true;
                turn = new ArrayList<>(List.of(last));
            }
            Thread.sleep(LOOK_MILLIS);
        }
        System.out.println("CPU for each operation, whole turns to rests: " + ratios.estimate());
        System.out.println(lockjam.get("races", "identity").replaceFirst("(?s).*\"search\"\\s*:", ""));
    }

    private static void add(List<Look> turn, PairedRatios ratios) {
        Look first = turn.get(0);
        Look last = turn.get(turn.size() - 1);
        long arms = turn.stream().filter(Look::armed).findFirst().orElseThrow().millis;
        List<Look> rest = turn.stream()
                .filter(look -> look.millis > first.millis + COMPILES_MILLIS && look.millis < arms - WEAVES_MILLIS)
                .toList();
        if (rest.size() < 2) {
            System.out.println("a turn without a rest is left out");
            return;
        }
        double whole = first.each(last);
        double rests = rest.get(0).each(rest.get(rest.size() - 1));
        ratios.add(whole, rests);
        System.out.printf(
                Locale.ROOT,
                "turn of %.1f s, window of %.1f s  %8.3f  %8.3f us  %.4f, compilers %.1f s of %.1f s of CPU%n",
                (last.millis - first.millis) / 1e3,
                (last.millis - arms) / 1e3,
                whole,
                rests,
                whole / rests,
                (last.compilerMicros - first.compilerMicros) / 1e6,
                (last.cpuMicros - first.cpuMicros) / 1e6);
    }

    private Look look() throws IOException, InterruptedException {
        boolean armed = lockjam.get("races", "identity").matches("(?s).*\"armed\"\\s*:\\s*true.*");
        return new Look(
                System.nanoTime() / 1_000_000,
                server.figures().cpuMicros(),
                compilers.read().micros(),
                load.operations(),
                armed);
    }
}
