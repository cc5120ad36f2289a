// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where one thread's time went, measured by the thread itself around each step. */
final class Sums {
    private static final ThreadMXBean CLOCKS = ManagementFactory.getThreadMXBean();

    private static final long ONE_MOMENT_NANOS = 300_000;

    private final String thread = Thread.currentThread().getName();
    private final Map<String, Long> nanos = new TreeMap<>();
    private final RandomAccessFile schedstat;
    private long wall;
    private long ran;
    private long queued;

    private Sums() throws IOException {
        schedstat = new RandomAccessFile("/proc/thread-self/schedstat", "r");
        wall = System.nanoTime();
        ran = CLOCKS.getCurrentThreadCpuTime();
        queued = queued();
    }

    static Sums ofThisThread() throws IOException {
        return new Sums();
    }

    /** Runs {@code body}; what it neither ran nor waited for a core goes to {@code part}. */
    void step(String part, Rounds.Body body) throws Exception {
        body.run();
        ended(part);
    }

    /** Everything since the last step was {@code part}, but for the time on a core and in the run queue. */
    synchronized void ended(String part) throws IOException {
        long wallNow;
        long ranNow;
        long queuedNow;
        do { // the three clocks must be of one moment: again if the core was lost between them
            wallNow = System.nanoTime();
            ranNow = CLOCKS.getCurrentThreadCpuTime();
            queuedNow = queued();
        } while (System.nanoTime() - wallNow > ONE_MOMENT_NANOS);
        add("on-core", ranNow - ran);
        add("run-queue", queuedNow - queued);
        add(part, wallNow - wall - (ranNow - ran) - (queuedNow - queued));
        wall = wallNow;
        ran = ranNow;
        queued = queuedNow;
    }

    synchronized String json() {
        return nanos.entrySet().stream()
                .map(each -> "\"" + each.getKey() + "\": " + each.getValue())
                .collect(Collectors.joining(", ", "\"" + thread + "\": {", "}"));
    }

    private void add(String part, long more) {
        nanos.merge(part, more, Long::sum);
    }

    /** The kernel's second figure: nanoseconds runnable without a core. */
    private long queued() throws IOException {
        byte[] text = new byte[96];
        schedstat.seek(0);
        int length = schedstat.read(text);
        return Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).split(" ")[1]);
    }
}
