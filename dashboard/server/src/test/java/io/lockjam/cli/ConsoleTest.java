// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Progress on a terminal is one line that is rewritten, elsewhere plain lines. */
class ConsoleTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void stagesAreABarOnATerminalAndGoneAfterwards() {
        Console console = new Console(err, true);

        console.stage("Attaching to 4711 (Main)", "loading the agent", 1, 2);
        assertThat(text())
                .isEqualTo("\rAttaching to 4711 (Main): loading the agent [###############               ] 50 %\033[K");
        written.reset();
        console.step("Attached.");
        assertThat(text()).isEqualTo("\r\033[KAttached.\n");
    }

    @Test
    void stagesAreOneLineWhereNothingCanBeRewritten() {
        Console console = new Console(err, false);

        console.stage("Attaching to 4711 (Main)", "opening the way in", 0, 2);
        console.stage("Attaching to 4711 (Main)", "loading the agent", 1, 2);
        console.step("Attached.");

        assertThat(text()).isEqualTo("Attaching to 4711 (Main)…\nAttached.\n");
    }

    @Test
    void howFarAReadingCameStays() {
        Console console = new Console(err, true);

        console.progress("Reading", 1, 2);
        console.progressDone();

        assertThat(text()).endsWith("] 50 %\033[K\n");
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
