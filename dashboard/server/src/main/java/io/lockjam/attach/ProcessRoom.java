// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many more threads a process may start, by its user's limit and its cgroup's, and how many files it may open. A JVM that cannot start the
 * thread that serves attach requests ends itself (seen on 25), one that cannot open its socket prints a thread dump instead of an answer; so this
 * is looked at from outside, before it is asked anything.
 */
final class ProcessRoom {
    /** For the JVM's own attach listener, our threads and those of the Flight Recorder. */
    private static final long WANTED_THREADS = 16;
    /** For the same, and the agent's jar. */
    private static final long WANTED_FILES = 32;

    /** A chunk, a dump, and what the application opens meanwhile. */
    private static final long FILES_OF_JFR = 16;

    /** A chunk is some more than 12 MB. */
    private static final long FILE_OF_JFR = 64L << 20;

    private static final Pattern LIMIT = Pattern.compile("(?m)^Max processes +(\\d+) .*$");
    private static final Pattern FILES = Pattern.compile("(?m)^Max open files +(\\d+) .*$");
    private static final Pattern SIZE = Pattern.compile("(?m)^Max file size +(\\d+) .*$");
    private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");
    private static final Pattern USER = Pattern.compile("(?m)^Uid:\\s+(\\d+)\\s.*$");
    private static final Pattern GROUP = Pattern.compile("(?m)^0::(/.*)$");
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    private ProcessRoom() {}

    /** One clause that can follow "cannot attach: "; null if there is enough, or it cannot be told. */
    static @Nullable String lacking(long pid, long uid) {
        if (ofUser(pid, uid) < WANTED_THREADS || ofGroup(pid) < WANTED_THREADS) {
            return "its user or its cgroup may hardly start another thread";
        }
        return files(pid) < WANTED_FILES ? "it may hardly open another file (ulimit -n)" : null;
    }

    /** Whether the Flight Recorder may be unable to open another file: then it ends the JVM (seen on 17 and 25). */
    static boolean fewFiles(long pid) {
        return files(pid) < FILES_OF_JFR;
    }

    /** Bytes that a file of the process may hold; {@link Long#MAX_VALUE} without a limit. */
    static long fileSize(long pid) {
        long limit = number(SIZE, read(Path.of("/proc", Long.toString(pid), "limits")));
        return limit < 0 ? Long.MAX_VALUE : limit;
    }

    /** Whether the Flight Recorder may come to write more into a file than it may: then it ends the JVM (seen on 17 and 25). */
    static boolean smallFiles(long pid) {
        return fileSize(pid) < FILE_OF_JFR;
    }

    private static long files(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        long limit = number(FILES, read(proc.resolve("limits")));
        try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
            return limit < 0 ? Long.MAX_VALUE : limit - open.count();
        } catch (IOException | UncheckedIOException hidden) {
            return Long.MAX_VALUE;
        }
    }

    /** Root is bound by no such limit as a rule. */
    private static long ofUser(long pid, long uid) {
        long limit = number(LIMIT, read(Path.of("/proc", Long.toString(pid), "limits")));
        if (uid == 0 || limit < 0) {
            return Long.MAX_VALUE;
        }
        long running = ProcessHandle.allProcesses()
                .map(process -> read(Path.of("/proc", Long.toString(process.pid()), "status")))
                .filter(status -> number(USER, status) == uid)
                .mapToLong(status -> Math.max(0, number(THREADS, status)))
                .sum();
        return limit - running;
    }

    private static long ofGroup(long pid) {
        Matcher group = GROUP.matcher(read(Path.of("/proc", Long.toString(pid), "cgroup")));
        if (!group.find()) {
            return Long.MAX_VALUE;
        }
        Path folder = GROUPS.resolve(group.group(1).substring(1)).normalize();
        Pattern whole = Pattern.compile("\\A(\\d+)\\s*\\z"); // or the word max
        long most = number(whole, read(folder.resolve("pids.max")));
        return most < 0 ? Long.MAX_VALUE : most - Math.max(0, number(whole, read(folder.resolve("pids.current"))));
    }

    /** Negative if the text has none. */
    private static long number(Pattern form, String text) {
        Matcher found = form.matcher(text);
        return found.find() && found.group(1).length() < 18 ? Long.parseLong(found.group(1)) : -1;
    }

    /** Empty if it cannot be read. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException hidden) {
            return "";
        }
    }
}
