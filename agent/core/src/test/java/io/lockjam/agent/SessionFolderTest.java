// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFolderTest {
    @TempDir
    private Path parent = Path.of("");

    @Test
    void goesWithTheAgentWhereTheLockjamProcessHasGoneBefore() throws Exception {
        Path folder = given("lockjam-agent.jar", "failed");

        SessionFolder session = SessionFolder.open(folder.toString());
        session.enter("1");
        assertThat(folder.resolve("agent")).exists();
        session.leave();

        assertThat(folder).doesNotExist();
    }

    @Test
    void staysWhileALockjamProcessIsAttached() throws Exception {
        Path folder = given("lockjam-agent.jar", "dashboard");

        SessionFolder session = SessionFolder.open(folder.toString());
        session.enter("1");
        session.leave();

        assertThat(folder.resolve("agent")).doesNotExist();
        assertThat(folder.resolve("lockjam-agent.jar")).exists();
    }

    private Path given(String... files) throws IOException {
        Path folder = Files.createDirectory(
                parent.resolve("1"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String each : files) {
            Files.createFile(folder.resolve(each));
        }
        return folder;
    }
}
