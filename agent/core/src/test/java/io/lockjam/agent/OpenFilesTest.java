// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
    private static final String LIMITS = """
            Max processes             95000     95000     processes
            Max open files            %s      1048576   files
            """;

    @TempDir
    private Path process = Path.of("");

    @Test
    void countsWhatIsLeft() throws Exception {
        given("20", 3);

        assertThat(new OpenFiles(process.toFile()).left()).isEqualTo(17);
        assertThat(new OpenFiles(process.toFile()).few()).isFalse();
        Files.createFile(process.resolve("fd/3"));
        Files.createFile(process.resolve("fd/4"));
        assertThat(new OpenFiles(process.toFile()).few()).isTrue();
    }

    @Test
    void thereAreNoneWhereTheyCannotEvenBeListed() throws Exception {
        Files.writeString(process.resolve("limits"), LIMITS.formatted("20"));

        assertThat(new OpenFiles(process.toFile()).left()).isZero();
    }

    @Test
    void thereAreEnoughWithoutALimitOrWithoutProc() throws Exception {
        assertThat(new OpenFiles(process.resolve("none").toFile()).few()).isFalse();
        given("unlimited", 1);
        assertThat(new OpenFiles(process.toFile()).few()).isFalse();
    }

    private void given(String limit, int open) throws IOException {
        Files.writeString(process.resolve("limits"), LIMITS.formatted(limit));
        Path folder = Files.createDirectory(process.resolve("fd"));
        for (int i = 0; i < open; i++) {
            Files.createFile(folder.resolve(Integer.toString(i)));
        }
    }

    /** On a crowded machine one look takes long, and the files may be used up in seconds all the same. */
    @Test
    void areLookedAtOftenHoweverLongALookTakes() {
        assertThat(RecordingGuard.untilNext(TimeUnit.MICROSECONDS.toNanos(20))).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(RecordingGuard.untilNext(TimeUnit.MILLISECONDS.toNanos(4))).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(RecordingGuard.untilNext(TimeUnit.MILLISECONDS.toNanos(300))).isEqualTo(TimeUnit.SECONDS.toNanos(5));
    }
}
