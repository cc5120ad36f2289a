// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of the reading child; {@code cat} stands for one that never says a word, as nobody writes to it. */
@Timeout(60)
class ReadProcessTest {
    private static final List<String> MUTE = List.of("cat");

    @Test
    void killsAChildThatIsSilent() throws Exception {
        FileSource.Limits hasty = new FileSource.Limits(64, Duration.ZERO, Duration.ofMinutes(10));

        assertThat(whyItEnded(hasty)).isEqualTo("the reading process was silent for 0 s");
    }

    @Test
    void killsAChildThatIsAtWorkForTooLong() throws Exception {
        FileSource.Limits hasty = new FileSource.Limits(64, Duration.ofMinutes(10), Duration.ZERO);

        assertThat(whyItEnded(hasty)).isEqualTo("reading took more than 0 s");
    }

    private static String whyItEnded(FileSource.Limits limits) throws IOException {
        try (ReadProcess process = new ReadProcess(MUTE, limits)) {
            assertThatThrownBy(() -> new FactReader(process.output())).isInstanceOf(IOException.class);
            return process.reason(new EOFException());
        }
    }
}
