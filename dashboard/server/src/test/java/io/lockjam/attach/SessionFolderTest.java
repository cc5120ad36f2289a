// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionFolderTest {
    private static final long TICKS = 4_711;

    @TempDir
    private Path temporary = Path.of("");

    private SessionFolder folder = new SessionFolder(Path.of(""), Path.of(""), 0, Instant.EPOCH, 0);

    @BeforeEach
    void name() {
        Path path = temporary.resolve("lockjam-1").resolve("4711");
        folder = new SessionFolder(path, path, User.uid(), Instant.now(), TICKS);
    }

    @Test
    void isItsUsersAlone() throws IOException {
        folder.create();
        folder.write("agent.jar", new byte[] {1, 2});

        assertThat(mode(folder.outer())).isEqualTo("rwx------");
        assertThat(mode(folder.outer().resolve("agent.jar"))).isEqualTo("rw-------");
        assertThat(folder.outer().resolve("agent.jar")).hasBinaryContent(new byte[] {1, 2});
    }

    @Test
    void isGoneAfterwards() throws IOException {
        folder.create();
        folder.write("agent.jar", new byte[] {1});

        folder.deleteAll();

        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void refusesAFolderThatOthersCanEnter() throws IOException {
        Path parent = Files.createDirectory(temporary.resolve("lockjam-1"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(folder::create).isInstanceOf(IOException.class).hasMessageContaining("only user");
    }

    @Test
    void refusesALinkInPlaceOfTheFolder() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(temporary.resolve("lockjam-1"), elsewhere);

        assertThatThrownBy(folder::create).isInstanceOf(IOException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void writesBesideALinkAndNotThroughIt() throws IOException {
        folder.create();
        Path precious = Files.writeString(temporary.resolve("precious"), "keep");
        Files.createSymbolicLink(folder.outer().resolve("connect"), precious);

        folder.write("connect", "new".getBytes(StandardCharsets.UTF_8));

        assertThat(precious).hasContent("keep");
        assertThat(folder.outer().resolve("connect")).hasContent("new");
    }

    @Test
    void aMarkerOfAnEarlierProcessDoesNotCount() throws IOException {
        folder.create();
        folder.replace(SessionFolder.AGENT, "0.1");
        assertThat(folder.agentIn()).isTrue();

        Path marker = folder.outer().resolve(SessionFolder.AGENT);
        Files.setLastModifiedTime(marker, FileTime.from(Instant.now().minusSeconds(3600)));

        assertThat(folder.agentIn()).isFalse();
    }

    @Test
    void aMarkerOfThisProcessCountsWhateverTheClockSays() throws IOException {
        folder.create();
        folder.replace(SessionFolder.AGENT, "0.1\n" + TICKS + "\n");
        Path marker = folder.outer().resolve(SessionFolder.AGENT);
        Files.setLastModifiedTime(marker, FileTime.from(Instant.now().minusSeconds(3600)));

        assertThat(folder.agentIn()).isTrue();
    }

    @Test
    void knowsWhichLockjamIsAttached() throws IOException {
        folder.create();
        ProcessHandle attached = folder.dashboard();
        assertThat(attached).isNotNull().isEqualTo(ProcessHandle.current());

        folder.replace(SessionFolder.DASHBOARD, ProcessHandle.current().pid() + " 1");
        assertThat(folder.dashboard()).as("another process once had this pid").isNull();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
