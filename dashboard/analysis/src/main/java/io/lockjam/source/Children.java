// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks for programs that the target has started and that wait until it reads what they write. The kernel tells the call in which a process stands; one that
 * writes to a pipe and has not been switched since the last look has written nothing meanwhile.
 */
final class Children {
    /** Each look reads a file for every thread of the target. */
    private static final Duration EVERY = Duration.ofSeconds(2);

    private static final int MOST_THREADS = 500;
    private static final int MOST_CHILDREN = 50;
    private static final String WRITES = "pipe_write";

    private final Path proc;
    private final long pid;
    private Map<Long, Standing> standing = new HashMap<>();
    private Instant lookedAt = Instant.EPOCH;

    /** @param switches how often it gave up the core; the same as long as it stands */
    private record Standing(String switches, Instant since) {}

    Children(Path proc, long pid) {
        this.proc = proc;
        this.pid = pid;
    }

    void look(Instant at, List<Fact> facts) {
        if (at.isBefore(lookedAt.plus(EVERY))) {
            return;
        }
        lookedAt = at;
        Map<Long, Standing> now = new HashMap<>();
        for (long child : children()) {
            Path of = proc.resolve(Long.toString(child));
            if (!text(of.resolve("wchan")).endsWith(WRITES)) {
                continue;
            }
            String switches = switches(of);
            Standing before = standing.get(child);
            boolean same = before != null && before.switches().equals(switches);
            Standing stands = before != null && same ? before : new Standing(switches, at);
            now.put(child, stands);
            String stream = same ? stream(of) : "";
            if (!stream.isEmpty()) {
                facts.add(new Fact.ChildStands(
                        at, child, text(of.resolve("comm")).strip(), stream, Duration.between(stands.since(), at)));
            }
        }
        standing = now;
    }

    private List<Long> children() {
        List<Long> found = new ArrayList<>();
        int threads = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(own().resolve("task"))) {
            for (Path task : tasks) {
                if (++threads > MOST_THREADS || found.size() > MOST_CHILDREN) {
                    break;
                }
                Stream.of(text(task.resolve("children")).split(" "))
                        .filter(each -> !each.isBlank())
                        .forEach(each -> found.add(Long.parseLong(each.strip())));
            }
        } catch (IOException | NumberFormatException gone) {
            return List.of();
        }
        return found;
    }

    private Path own() {
        return proc.resolve(Long.toString(pid));
    }

    private static String switches(Path process) {
        return text(process.resolve("status"))
                .lines()
                .filter(line -> line.contains("ctxt_switches"))
                .reduce("", String::concat);
    }

    /** What it writes to a pipe of which the target has the other end; empty if that has none, or nobody may look. */
    private String stream(Path process) {
        String call = text(process.resolve("syscall")); // number of the call, then its arguments
        String output = link(process.resolve("fd/1"));
        String errors = link(process.resolve("fd/2"));
        boolean toErrors = call.matches("\\S+ 0x2 .*\\s*");
        String pipe = toErrors ? errors : output;
        if (!pipe.startsWith("pipe:") || !hasEnd(pipe)) {
            return "";
        }
        return output.equals(errors) ? "output and errors" : toErrors ? "errors" : "output";
    }

    private boolean hasEnd(String pipe) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(own().resolve("fd"))) {
            for (Path each : open) {
                if (pipe.equals(link(each))) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException notAllowed) {
            return false;
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException | UnsupportedOperationException none) {
            return "";
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
