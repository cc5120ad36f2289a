// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.cputhrottled;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A control group with a CPU quota that holds this process until closed.
 *
 * <p>Kernel: Documentation/scheduler/sched-bwc.rst (version 1), admin-guide/cgroup-v2.rst (version 2).
 */
final class QuotaGroup implements AutoCloseable {
    /** The kernel's default period, 100 ms. */
    private static final int PERIOD_MICROS = 100_000;

    private final Path home;
    private final Path group;
    private final boolean version2;

    private QuotaGroup(Path home, boolean version2) {
        this.home = home;
        this.group = home.resolve("lockjam-demo-" + ProcessHandle.current().pid());
        this.version2 = version2;
    }

    /** @throws IOException if there is no CPU controller or we may not use it */
    static QuotaGroup enter(int percentOfCore) throws IOException {
        Path root = Path.of("/sys/fs/cgroup");
        boolean version2 = Files.exists(root.resolve("cgroup.controllers"));
        Path controller = version2
                ? root
                : Stream.of("cpu", "cpu,cpuacct", "cpuacct,cpu")
                        .map(root::resolve)
                        .filter(Files::isDirectory)
                        .findFirst()
                        .orElseThrow(() -> new IOException("no CPU controller in " + root));
        QuotaGroup entered = new QuotaGroup(own(controller, version2), version2);
        Files.createDirectory(entered.group);
        try {
            entered.limit(percentOfCore);
            move(entered.group);
            return entered;
        } catch (IOException refused) {
            Files.delete(entered.group);
            throw refused;
        }
    }

    /** How long the group was stopped since it was made; 0 if the kernel does not say. */
    long throttledMillis() {
        try {
            for (String line : Files.readAllLines(group.resolve("cpu.stat"))) {
                String[] words = line.split(" ", 2);
                if (words[0].equals("throttled_time")) {
                    return TimeUnit.NANOSECONDS.toMillis(Long.parseLong(words[1]));
                }
                if (words[0].equals("throttled_usec")) {
                    return TimeUnit.MICROSECONDS.toMillis(Long.parseLong(words[1]));
                }
            }
        } catch (IOException gone) {
            return 0;
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        move(home);
        Files.deleteIfExists(group);
    }

    /** The group we are in, or the controller's root where a container shows another path than it has. */
    private static Path own(Path controller, boolean version2) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            boolean ours =
                    version2 ? parts[1].isEmpty() : List.of(parts[1].split(",")).contains("cpu");
            Path path = controller.resolve(parts[2].substring(1));
            if (ours && Files.isDirectory(path)) {
                return path;
            }
        }
        return controller;
    }

    private void limit(int percentOfCore) throws IOException {
        long quotaMicros = PERIOD_MICROS * (long) percentOfCore / 100;
        if (version2) {
            Files.writeString(group.resolve("cpu.max"), quotaMicros + " " + PERIOD_MICROS);
        } else {
            Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quotaMicros));
        }
    }

    private static void move(Path to) throws IOException {
        Files.writeString(
                to.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }
}
