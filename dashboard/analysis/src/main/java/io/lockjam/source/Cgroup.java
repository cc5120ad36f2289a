// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CPU quota of a process and the time it was throttled, over its cgroup and those above it; versions 1 and 2.
 *
 * <p>Version 1 has {@code cpu.cfs_quota_us}, {@code cpu.cfs_period_us} and {@code throttled_time} in nanoseconds; version 2
 * {@code cpu.max} and {@code throttled_usec}.
 */
final class Cgroup {
    private final List<Path> folders;

    private Cgroup(List<Path> folders) {
        this.folders = folders;
    }

    /** Null if none with a cpu controller is found. */
    static @Nullable Cgroup of(Path proc, long pid) {
        try {
            List<String> mounts = Files.readAllLines(proc.resolve("self/mountinfo"));
            List<String> groups = Files.readAllLines(proc.resolve(pid + "/cgroup"));
            for (boolean first : new boolean[] {true, false}) { // where both are mounted, the controller is the first's
                for (String line : groups) {
                    String[] parts = line.split(":", 3);
                    boolean right = first ? List.of(parts[1].split(",")).contains("cpu") : line.startsWith("0::");
                    List<Path> folders = right ? folders(mounts, parts[2], first) : List.of();
                    if (!folders.isEmpty()) {
                        return new Cgroup(folders);
                    }
                }
            }
        } catch (IOException | RuntimeException missing) {
            // no cgroups, or not to be read: told by the caller
        }
        return null;
    }

    /** Cores that the tightest quota allows; -1 if there is none. */
    double quotaCores() {
        double cores = -1;
        for (Path folder : folders) {
            double own = quota(folder);
            cores = own > 0 && (cores < 0 || own < cores) ? own : cores;
        }
        return cores;
    }

    /** Nanoseconds throttled so far, of the group that was throttled most; -1 if it cannot be read. */
    long throttledNanos() {
        long most = -1;
        for (Path folder : folders) {
            long nanos = value(folder, "throttled_time ");
            long micros = nanos >= 0 ? -1 : value(folder, "throttled_usec ");
            most = Math.max(most, micros >= 0 ? 1000 * micros : nanos);
        }
        return most;
    }

    /** The folder of the group and of those above it, as far as they have a cpu controller. */
    private static List<Path> folders(List<String> mounts, String group, boolean first) {
        List<Path> found = new ArrayList<>();
        for (String mount : mounts) {
            String[] fields = mount.split(" ");
            int dash = List.of(fields).indexOf("-");
            boolean right = dash > 0
                    && dash + 3 < fields.length
                    && (first
                            ? fields[dash + 1].equals("cgroup")
                                    && List.of(fields[dash + 3].split(",")).contains("cpu")
                            : fields[dash + 1].equals("cgroup2"));
            if (right && found.isEmpty()) {
                Path top = Path.of(fields[4]);
                String root = fields[3];
                String below = group.startsWith(root) && !root.equals("/") ? group.substring(root.length()) : group;
                Path at = top.resolve(below.replaceFirst("^/+", "")).normalize();
                for (Path each = at; each != null && each.startsWith(top); each = each.getParent()) {
                    if (Files.isReadable(each.resolve("cpu.stat"))) {
                        found.add(each);
                    }
                }
            }
        }
        return found;
    }

    private static double quota(Path folder) {
        try {
            Path second = folder.resolve("cpu.max");
            if (Files.exists(second)) {
                String[] words = Files.readString(second).trim().split(" ");
                return words[0].equals("max") ? -1 : Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
            }
            double quota = Double.parseDouble(
                    Files.readString(folder.resolve("cpu.cfs_quota_us")).trim());
            double period = Double.parseDouble(
                    Files.readString(folder.resolve("cpu.cfs_period_us")).trim());
            return quota <= 0 || period <= 0 ? -1 : quota / period;
        } catch (IOException | RuntimeException none) {
            return -1; // the topmost group has no quota file
        }
    }

    private static long value(Path folder, String key) {
        try {
            for (String line : Files.readAllLines(folder.resolve("cpu.stat"))) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.substring(key.length()).trim());
                }
            }
        } catch (IOException | NumberFormatException missing) {
            // not known
        }
        return -1;
    }
}
