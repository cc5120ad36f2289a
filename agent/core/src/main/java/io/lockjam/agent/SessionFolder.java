// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of this JVM's attach, {@code /tmp/lockjam-<uid>/<pid>/}, open to its user alone: the file {@code agent}
 * says that the agent is in, {@code connect} where to call. Not to be used before main.
 */
final class SessionFolder {
    private static final String MARKER = "agent";
    private static final String RENDEZVOUS = "connect";
    private static final String DASHBOARD = "dashboard"; // while a lockjam process is attached

    private final Path folder;
    private final boolean made;
    private @Nullable Rendezvous last;

    /** Where a lockjam process waits for the agent. */
    record Rendezvous(String socket, String token) {}

    private SessionFolder(Path folder, boolean made) {
        this.folder = folder;
        this.made = made;
    }

    /** @param given by the lockjam process; null to find or make the usual one */
    static SessionFolder open(@Nullable String given) throws IOException {
        if (given != null) {
            Path folder = Path.of(given);
            check(folder);
            return new SessionFolder(folder, false);
        }
        Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        // as with the JVM's own attach files, /tmp and not java.io.tmpdir: the other side cannot know that
        Path parent = Path.of("/tmp", "lockjam-" + uid);
        make(parent);
        Path folder = parent.resolve(Long.toString(ProcessHandle.current().pid()));
        return new SessionFolder(folder, make(folder));
    }

    /** Leaves the sign that the agent is in this very process: pids come again, and clocks are set. */
    void enter(String version) throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        String startTicks = fields[19]; // field 22 of proc(5), counted from the state
        Files.writeString(folder.resolve(MARKER), version + "\n" + startTicks + "\n");
    }

    /** A rendezvous that was not there at the last call. */
    Optional<Rendezvous> rendezvous() {
        Path file = folder.resolve(RENDEZVOUS);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > 4096) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.size() < 2) {
                return Optional.empty();
            }
            Rendezvous found = new Rendezvous(lines.get(0), lines.get(1));
            if (Objects.equals(found, last)) {
                return Optional.empty();
            }
            last = found;
            return Optional.of(found);
        } catch (IOException goneAgain) {
            return Optional.empty();
        }
    }

    /**
     * Takes the sign away, and the folder if we made it or the lockjam process has gone before us: then nobody else will. One that was
     * killed leaves its own sign; its folder is cleared by the next that comes.
     */
    void leave() {
        try {
            Files.deleteIfExists(folder.resolve(MARKER));
            boolean alone = !Files.exists(folder.resolve(DASHBOARD), LinkOption.NOFOLLOW_LINKS);
            if (alone) {
                clear();
            }
            if (alone || made) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException inUse) {
            // somebody else's files are in it
        }
    }

    /** Subfolders, which nobody of ours makes, stay. */
    private void clear() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path each : files) {
                if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static boolean make(Path folder) throws IOException {
        boolean made = false;
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            made = true;
        }
        check(folder);
        return made;
    }

    /** Another user's folder, or a link, would let that user talk to the agent. */
    private static void check(Path folder) throws IOException {
        Object mine = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        boolean safe = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && owner.equals(mine)
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS))
                        .endsWith("------");
        if (!safe) {
            throw new IOException(folder + " is not a folder of this user alone");
        }
    }
}
