// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process. */
record ProcessFigures(long pid) {
    /** Clock ticks a second in /proc: USER_HZ is 100 on every architecture that runs HotSpot. */
    private static final long TICK_MICROS = 10_000;

    /** Fields 14 and 15 of /proc/PID/stat, counted from after the command's name, which is field 2. */
    private static final int USER = 11;

    /** CPU time of all its threads so far, those that have ended included. */
    long cpuMicros() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1])) * TICK_MICROS;
    }

    /** Memory that is resident now. */
    long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("process " + pid + " has ended");
    }
}
