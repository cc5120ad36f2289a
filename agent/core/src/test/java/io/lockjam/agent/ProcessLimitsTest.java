// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLimitsTest {
    private static final String LIMITS = """
            Max cpu time              unlimited            unlimited            seconds
            Max file size             %s              unlimited            bytes
            Max data size             7            unlimited            bytes
            """;

    @TempDir
    private Path process = Path.of("");

    @Test
    void tellsHowLargeAFileMayBe() throws Exception {
        Files.writeString(process.resolve("limits"), LIMITS.formatted("307200"));

        assertThat(new ProcessLimits(process.toFile()).fileSize()).isEqualTo(307_200);
    }

    @Test
    void thereIsNoneWhereNoneIsSetOrToBeRead() throws Exception {
        assertThat(new ProcessLimits(process.toFile()).fileSize()).isEqualTo(Long.MAX_VALUE);
        Files.writeString(process.resolve("limits"), LIMITS.formatted("unlimited"));
        assertThat(new ProcessLimits(process.toFile()).fileSize()).isEqualTo(Long.MAX_VALUE);
        assertThat(new ProcessLimits(process.toFile()).of("Max data size")).isEqualTo(7);
    }
}
