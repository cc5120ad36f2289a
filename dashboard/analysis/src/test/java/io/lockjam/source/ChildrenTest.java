// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that wait for room in a pipe, as the kernel tells of them. */
class ChildrenTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Path proc;

    ChildrenTest(@TempDir Path proc) {
        this.proc = proc;
    }

    @BeforeEach
    void aTargetWithAChild() throws IOException {
        Files.createDirectories(proc.resolve("10/task/11"));
        Files.createDirectories(proc.resolve("10/fd"));
        Files.createDirectories(proc.resolve("20/fd"));
        Files.writeString(proc.resolve("10/task/11/children"), "20 ");
        Files.createSymbolicLink(proc.resolve("10/fd/7"), Path.of("pipe:[77]"));
        Files.createSymbolicLink(proc.resolve("20/fd/1"), Path.of("pipe:[77]"));
        Files.createSymbolicLink(proc.resolve("20/fd/2"), Path.of("pipe:[78]"));
        Files.writeString(proc.resolve("20/comm"), "convert\n");
        child("anon_pipe_write", 1, 5);
    }

    private void child(String stands, int stream, int switches) throws IOException {
        Files.writeString(proc.resolve("20/wchan"), stands);
        Files.writeString(proc.resolve("20/syscall"), "1 0x" + stream + " 0x55 0x20 0x0 0x0 0x0 0x7f 0x7e\n");
        Files.writeString(proc.resolve("20/status"), "Name:\tconvert\nvoluntary_ctxt_switches:\t" + switches + "\n");
    }

    private List<Fact> looks(int count) {
        Children children = new Children(proc, 10);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            facts.clear();
            children.look(START.plusSeconds(2L * i), facts);
        }
        return facts;
    }

    @Test
    void oneThatHasNotMovedIsTold() {
        assertThat(looks(1)).isEmpty();
        assertThat(looks(4))
                .containsExactly(
                        new Fact.ChildStands(START.plusSeconds(6), 20, "convert", "output", Duration.ofSeconds(6)));
    }

    @Test
    void oneThatWaitsElsewhereOrForSomebodyElseIsNot() throws IOException {
        child("anon_pipe_read", 1, 5);
        assertThat(looks(4)).isEmpty();
        child("anon_pipe_write", 2, 5);
        assertThat(looks(4)).as("the target has no end of that pipe").isEmpty();
    }

    @Test
    void oneThatMovesNowAndThenIsReadSlowly() throws IOException {
        Children children = new Children(proc, 10);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            child("anon_pipe_write", 1, i);
            children.look(START.plusSeconds(2L * i), facts);
        }
        assertThat(facts).isEmpty();
    }
}
