// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder in the target's {@code /tmp} that agent and lockjam process share: {@code lockjam-<uid>/<pid>}, mode 0700, owned
 * by the target's user.
 *
 * <p>When root attaches to somebody else's JVM that user could swap the folder under us. So every file is written
 * through an open folder whose owner is checked after opening, links are never followed, and files are always new.
 *
 * @param outer its path as seen from here
 * @param inner its path as the target sees it
 * @param startTicks when the target started, in clock ticks since boot: no setting of the clock changes it
 */
record SessionFolder(Path outer, Path inner, long uid, Instant targetStarted, long startTicks) {
    static final String AGENT = "agent";
    static final String CONNECT = "connect";
    static final String DASHBOARD = "dashboard";
    static final String FAILED = "failed";
    static final String LEAVE = "leave";

    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    static SessionFolder of(ProcFolder proc, long uid) throws IOException {
        Path inner = Path.of("/tmp", "lockjam-" + uid, Long.toString(proc.innerPid()));
        Instant started = ProcessHandle.of(proc.pid())
                .flatMap(process -> process.info().startInstant())
                .orElse(Instant.EPOCH);
        return new SessionFolder(proc.outer(inner), inner, uid, started, proc.startTicks());
    }

    /**
     * Whether our agent is in the target. A marker that names another process and is older than this one is an earlier one's;
     * age alone would not do, for the clock may have been set since.
     */
    boolean agentIn() {
        String marker = read(AGENT);
        boolean same = marker != null && marker.lines().skip(1).anyMatch(Long.toString(startTicks)::equals);
        return same || readFresh(AGENT) != null;
    }

    /** Why the agent will not call; null as long as it may. */
    @Nullable
    String failure() {
        String text = readFresh(FAILED);
        return text == null ? null : text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /**
     * What is known of an agent that was loaded and did not call.
     *
     * @param managed whether the target lives, under a SecurityManager
     */
    String silence(boolean managed) {
        String reason = failure();
        if (reason == null && managed) {
            return "its SecurityManager keeps the agent out; a policy that grants java.security.AllPermission to "
                    + inner().resolveSibling("-") + " lets it in";
        }
        return reason == null
                ? "the agent was loaded but did not call back; see the target's error output"
                : "the agent did not start (" + reason + ")";
    }

    /** The lockjam process that is attached now, if it still runs. */
    @Nullable
    ProcessHandle dashboard() {
        String text = read(DASHBOARD);
        String[] words = text == null ? new String[0] : text.strip().split(" ");
        if (words.length != 2 || !words[0].matches("\\d{1,18}") || !words[1].matches("\\d{1,18}")) {
            return null;
        }
        long pid = Long.parseLong(words[0]);
        try {
            boolean same = new ProcFolder(pid).startTicks() == Long.parseLong(words[1]);
            return same ? ProcessHandle.of(pid).orElse(null) : null;
        } catch (IOException gone) {
            return null;
        }
    }

    /** @throws AttachException if another lockjam process is attached */
    void mustBeFree(Target target) throws AttachException {
        ProcessHandle other = dashboard();
        if (other != null && other.pid() != ProcessHandle.current().pid()) {
            throw new AttachException(
                    "Cannot attach to " + target.label() + ": lockjam process " + other.pid() + " is attached to it.",
                    "Use its dashboard, or end it with: lockjam detach " + target.pid());
        }
    }

    /** Makes the folder, or takes over the one that an earlier session left. */
    void create() throws IOException {
        Path parent = parent();
        make(parent);
        make(outer);
        ProcFolder self = new ProcFolder(ProcessHandle.current().pid());
        replace(DASHBOARD, self.pid() + " " + self.startTicks());
    }

    /** Writes a file in one step: readers see the old content or the new one. */
    void replace(String name, String content) throws IOException {
        String draft = name + "." + Long.toHexString(System.nanoTime());
        write(draft, content.getBytes(StandardCharsets.UTF_8));
        try (SecureDirectoryStream<Path> folder = open()) {
            folder.move(Path.of(draft), folder, Path.of(name));
        }
    }

    /** Writes a new file, owned by the target's user, and reads it back; one of that name is replaced. */
    void write(String name, byte[] content) throws IOException {
        delete(name);
        try (SecureDirectoryStream<Path> folder = open()) {
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (SeekableByteChannel file = folder.newByteChannel(Path.of(name), options, FILE_MODE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    file.write(left);
                }
            } catch (FileSystemException named) {
                throw named;
            } catch (IOException full) {
                throw new FileSystemException(outer.resolve(name).toString(), null, full.getMessage());
            }
            own(view(folder, name));
            verify(folder, name, content);
        }
    }

    /**
     * Gives a socket that was bound here to the target's user. Sockets cannot be opened, so this goes by path; its random
     * name is what keeps it from meaning another file if the folder were swapped.
     */
    void handOver(String socket) throws IOException {
        Path path = outer.resolve(socket);
        own(Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
    }

    void delete(String name) throws IOException {
        try (SecureDirectoryStream<Path> folder = open()) {
            folder.deleteFile(Path.of(name));
        } catch (NoSuchFileException absent) {
            return; // nothing to do
        }
    }

    /** Deletes the folder with all that is in it; subfolders, which nobody of ours makes, stay. */
    void deleteAll() throws IOException {
        if (!Files.isDirectory(outer, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> names;
        try (SecureDirectoryStream<Path> folder = open()) {
            names = new ArrayList<>();
            folder.forEach(each -> names.add(each.getFileName()));
        }
        for (Path name : names) {
            delete(name.toString());
        }
        Files.deleteIfExists(outer);
        try {
            Files.deleteIfExists(parent());
        } catch (DirectoryNotEmptyException others) {
            return; // other targets of this user
        }
    }

    private @Nullable String readFresh(String name) {
        try {
            Instant written = Files.getLastModifiedTime(outer.resolve(name)).toInstant();
            return written.isBefore(targetStarted.minusSeconds(2)) ? null : read(name);
        } catch (IOException absent) {
            return null;
        }
    }

    private @Nullable String read(String name) {
        try {
            Path file = outer.resolve(name);
            return Files.size(file) > 4096 ? null : Files.readString(file);
        } catch (IOException absent) {
            return null;
        }
    }

    private void make(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, FOLDER_MODE);
            if (uid != User.uid()) {
                own(Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
            }
        } catch (FileAlreadyExistsException exists) {
            check(folder, Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }
    }

    @SuppressWarnings("StreamResourceLeak") // handed to the caller, or closed when refused
    private SecureDirectoryStream<Path> open() throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(outer);
        try {
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                check(
                        outer,
                        secure.getFileAttributeView(PosixFileAttributeView.class)
                                .readAttributes());
                return secure;
            }
            throw new IOException("this system has no safe way to write into " + outer);
        } catch (IOException | RuntimeException refused) {
            stream.close();
            throw refused;
        }
    }

    private void check(Path folder, PosixFileAttributes attributes) throws IOException {
        boolean open = !Set.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE)
                .containsAll(attributes.permissions());
        if (!attributes.isDirectory() || open || !attributes.owner().equals(owner())) {
            throw new IOException(folder + " is not a folder that only user " + User.label(uid) + " can enter");
        }
    }

    private void own(PosixFileAttributeView view) throws IOException {
        if (!view.readAttributes().owner().equals(owner())) {
            view.setOwner(owner());
        }
    }

    private UserPrincipal owner() throws IOException {
        return outer.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(Long.toString(uid));
    }

    private static PosixFileAttributeView view(SecureDirectoryStream<Path> folder, String name) {
        return folder.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void verify(SecureDirectoryStream<Path> folder, String name, byte[] content) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (SeekableByteChannel file = folder.newByteChannel(Path.of(name), options)) {
            ByteBuffer read = ByteBuffer.allocate(content.length);
            int got = 0;
            while (got >= 0 && read.hasRemaining()) {
                got = file.read(read);
            }
            if (file.size() != content.length || !Arrays.equals(read.array(), content)) {
                throw new IOException(name + " does not read back as it was written");
            }
        }
    }

    private Path parent() {
        Path parent = outer.getParent();
        return parent == null ? outer : parent;
    }
}
