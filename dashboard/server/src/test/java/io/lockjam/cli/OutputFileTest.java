// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFileTest {
    private static final Pattern ELSEWHERE = Pattern.compile("; it is in (\\S+) instead\\.$");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatCannotBeWrittenThereIsWrittenElsewhere() throws Exception {
        Path full = Path.of("/dev/full");

        Failure told = catchThrowableOfType(Failure.class, () -> OutputFile.write(full, "precious"));

        Matcher elsewhere = ELSEWHERE.matcher(told.getMessage());
        assertThat(told).hasMessageStartingWith("Cannot write /dev/full: No space left on device");
        assertThat(elsewhere.find()).as(told.getMessage()).isTrue();
        Path kept = Path.of(elsewhere.group(1));
        assertThat(kept).hasContent("precious");
        Files.delete(kept);
        Files.delete(kept.resolveSibling(""));
    }

    @Test
    void aNameThatIsNoTextIsWrittenAllTheSame() throws Exception {
        Path file = folder.resolve("report.json");

        OutputFile.write(file, "worker-\ud800");

        assertThat(file).hasContent("worker-?");
    }

    @Test
    void whatWasThereStaysUntilTheNewFileIsWhole() throws Exception {
        Path file = Files.writeString(folder.resolve("r.jfr"), "old");
        assertThatThrownBy(() -> OutputFile.replace(file, draft -> {
                    Files.writeString(draft, "half");
                    throw new IOException("broken");
                }))
                .hasMessage("broken");
        assertThat(file).hasContent("old");

        OutputFile.replace(file, draft -> Files.writeString(draft, "new"));

        assertThat(file).hasContent("new");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void theFileBehindALinkIsReplacedAndNotTheLink() throws Exception {
        Path file = Files.writeString(folder.resolve("r.jfr"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.jfr"), file);

        OutputFile.replace(link, draft -> Files.writeString(draft, "new"));

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void aDeviceIsNotReplacedByAFile() {
        for (String device : List.of("/dev/zero", "/dev/full")) {
            assertThatThrownBy(() -> OutputFile.checkReplaceable(Path.of(device)))
                    .isInstanceOf(Failure.class)
                    .hasMessage("Cannot write " + device + ": it is not an ordinary file.");
        }
    }
}
