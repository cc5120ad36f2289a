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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * CPU of a server for each operation while Lockjam is awake in it, against the same while it sleeps.
 *
 * <p>Separate runs of one program differ more than what is sought here. So there is one run, in which hooks, snapshots and the
 * recording are switched on and off every few seconds, and each stretch is compared with its neighbour (order: on off, off on, …).
 */
public final class LoadBench {
    private static final long WARM_MILLIS = 30_000;
    /** After each switch: starting a recording costs some CPU once, which is no part of the steady state. */
    private static final long SETTLE_MILLIS = 2_000;

    private static final int THREADS = 8;

    private final ServerProcess server;
    private final Load load;
    private final long stretchMillis;

    private LoadBench(ServerProcess server, Load load, long stretchMillis) {
        this.server = server;
        this.load = load;
        this.stretchMillis = stretchMillis;
    }

    /** @param arguments service, depth, number of pairs, seconds of a stretch, class path of the server, JVM options of the server */
    public static void main(String[] arguments) throws Exception {
        Service service = Service.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Depth depth = Depth.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        int pairs = Integer.parseInt(arguments[2]);
        long stretch = TimeUnit.SECONDS.toMillis(Integer.parseInt(arguments[3]));
        List<String> options = List.of(arguments).subList(5, arguments.length);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path folder = Files.createTempDirectory("lockjam-bench");
        System.out.printf(
                "%s, depth %s, JDK %s%n", service, depth.id(), Runtime.version().feature());
        try (ServerProcess server = ServerProcess.start(java, options, arguments[4], service, folder);
                Load load = Load.start(service, server.port(), THREADS)) {
            new LoadBench(server, load, stretch).run(depth, pairs);
        }
    }

    private void run(Depth depth, int pairs) throws Exception {
        Thread.sleep(WARM_MILLIS);
        long memory = server.residentKilobytes();
        try (Attachment lockjam = attach(depth)) {
            alternate(lockjam, 1); // both states compiled
            System.out.printf(
                    "resident memory: %d MB, %d MB before attaching%n", server.residentKilobytes() >> 10, memory >> 10);
            PairedRatios ratios = alternate(lockjam, pairs);
            System.out.println("CPU for each operation, awake to asleep: " + ratios.estimate());
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
        if (awake) {
            lockjam.resume();
        } else {
            lockjam.pause();
        }
        Thread.sleep(SETTLE_MILLIS);
        long cpu = server.cpuMicros();
        long operations = load.operations();
        Thread.sleep(stretchMillis);
        return (double) (server.cpuMicros() - cpu) / (load.operations() - operations);
    }

    /** Warnings are of interest, nothing else. */
    private static final class Silent implements AttachListener {
        @Override
        public void stage(String what) {}

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
