// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachListener;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Attachment;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import io.lockjam.bench.PairedRatios;
import io.lockjam.control.FactRow;
import io.lockjam.control.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * CPU of a server for each operation while Lockjam is awake in it, against the same while it sleeps.
 *
 * <p>Separate runs of one program differ more than what is sought here. So there is one run, in which a part of us is switched on and
 * off again and again, and each stretch is compared with its neighbour (order: on off, off on, …).
 */
public final class LoadBench {
    private static final long WARM_MILLIS = 30_000;
    private static final int THREADS = 8;

    private final ServerProcess server;
    private final Load load;
    private final Part part;
    private final long stretchMillis;
    private final WatchingThreads watching;

    /** What is switched on and off. */
    private enum Part {
        /** Hooks, snapshots and the recording: starting one costs CPU once, which is no part of the steady state. */
        ALL(3_000),
        /** Hooks, their events and snapshots, while the recording goes on: at work and at rest at once. */
        HOOKS(50);

        private final long settleMillis;

        Part(long settleMillis) {
            this.settleMillis = settleMillis;
        }

        void turn(Attachment lockjam, boolean on) throws IOException {
            if (this == HOOKS) {
                lockjam.turn(Switch.ENABLED, Boolean.toString(on));
                lockjam.turn(Switch.SNAPSHOTS, Boolean.toString(on));
            } else if (on) {
                lockjam.resume();
            } else {
                lockjam.pause();
            }
        }
    }

    private LoadBench(ServerProcess server, Load load, Part part, long stretchMillis) {
        this.server = server;
        this.load = load;
        this.part = part;
        this.stretchMillis = stretchMillis;
        this.watching = WatchingThreads.oursAndJfr(server.pid());
    }

    /**
     * Measures one service and prints the ratio.
     *
     * @param arguments service, depth, part, number of pairs, seconds of a stretch, class path and JVM options of the server
     */
    public static void main(String[] arguments) throws Exception {
        Service service = Service.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Depth depth = Depth.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        Part part = Part.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        int pairs = Integer.parseInt(arguments[3]);
        long stretch = (long) (Double.parseDouble(arguments[4]) * 1_000);
        List<String> options = List.of(arguments).subList(6, arguments.length);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path folder = Files.createTempDirectory("lockjam-bench");
        System.out.printf(
                "%s, depth %s, %s, JDK %s%n",
                service, depth.id(), part, Runtime.version().feature());
        try (ServerProcess server = ServerProcess.start(java, options, arguments[5], service, folder);
                Load load = Load.start(service, server.port(), THREADS)) {
            new LoadBench(server, load, part, stretch).run(depth, pairs);
        }
    }

    private void run(Depth depth, int pairs) throws Exception {
        Thread.sleep(WARM_MILLIS);
        long memory = server.figures().residentKilobytes();
        try (Attachment lockjam = attach(depth)) {
            alternate(lockjam, 1); // both states compiled
            watching.clear();
            System.out.printf(
                    "resident memory: %d MB, %d MB before attaching%n",
                    server.figures().residentKilobytes() >> 10, memory >> 10);
            PairedRatios ratios = alternate(lockjam, pairs);
            System.out.println("CPU for each operation, awake to asleep: " + ratios.estimate());
            System.out.println("of the CPU while awake: " + watching.shares());
        }
    }

    private Attachment attach(Depth depth) throws AttachException {
        Attachment lockjam =
                Attachment.reach(Target.ofPid(server.pid()), AttachOptions.live(depth, false), new Silent());
        lockjam.install();
        return lockjam;
    }

    private PairedRatios alternate(Attachment lockjam, int pairs) throws Exception {
        PairedRatios ratios = new PairedRatios();
        boolean awake = true;
        for (int i = 0; i < pairs; i++) {
            double first = stretch(lockjam, awake);
            double second = stretch(lockjam, !awake);
            double with = awake ? first : second;
            double without = awake ? second : first;
            ratios.add(with, without);
            System.out.printf(Locale.ROOT, "%3d  %8.3f  %8.3f us  %.4f%n", i + 1, with, without, with / without);
            awake = !awake;
        }
        return ratios;
    }

    /** CPU microseconds for each operation. */
    private double stretch(Attachment lockjam, boolean awake) throws IOException, InterruptedException {
        part.turn(lockjam, awake);
        Thread.sleep(part.settleMillis);
        WatchingThreads.Reading before = watching.read();
        long cpu = server.figures().cpuMicros();
        long operations = load.operations();
        Thread.sleep(stretchMillis);
        long spent = server.figures().cpuMicros() - cpu;
        double each = (double) spent / (load.operations() - operations);
        if (awake) {
            watching.add(before, watching.read(), spent);
        }
        return each;
    }

    /** Warnings are of interest, nothing else. */
    private static final class Silent implements AttachListener {
        @Override
        public void stage(Stage stage) {}

        @Override
        public void warn(String sentence) {
            System.out.println(sentence);
        }

        @Override
        public void facts(List<FactRow> rows) {}

        @Override
        public void ended(End end) {}
    }
}
