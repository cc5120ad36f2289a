// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderThreadsTest {
    @TempDir
    private Path tasks = Path.of("");

    private boolean write(String... names) throws IOException {
        for (int i = 0; i < names.length; i++) {
            Path thread = Files.createDirectory(tasks.resolve(Integer.toString(i)));
            Files.writeString(thread.resolve("comm"), names[i] + "\n");
        }
        return new FlightRecorderThreads(tasks).write();
    }

    @Test
    void aRecorderWithBothOfItsThreadsWrites() throws IOException {
        assertThat(write("main", "JFR Recorder Th", "JFR Periodic Ta")).isTrue();
    }

    @Test
    void oneThatHasLostItsPeriodicThreadDoesNot() throws IOException {
        assertThat(write("main", "JFR Recorder Th")).isFalse();
    }

    @Test
    void whereNoThreadHasTheNameThatItShouldHaveNothingIsConcluded() throws IOException {
        assertThat(write("main", "thread-1")).isTrue();
        assertThat(new FlightRecorderThreads(tasks.resolve("gone")).write()).isTrue();
    }
}
