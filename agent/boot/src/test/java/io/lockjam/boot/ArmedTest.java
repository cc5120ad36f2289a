// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArmedTest {
    @Test
    void whatAProbeDoesIsNotInlinedIntoCompiledCodeOfTheApplication() throws IOException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+PrintInlining",
                        "-XX:-TieredCompilation",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Woven.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said.lines().filter(line -> line.contains("Woven::count"))).isNotEmpty();
        for (String method : new String[] {"Armed::field", "Armed::call", "Armed::monitor", "Armed::released"}) {
            assertThat(said.lines().filter(line -> line.contains(method)))
                    .as(method)
                    .anyMatch(line -> line.contains("exception method"));
        }
        assertThat(said.lines().filter(line -> line.contains("inline (hot)")))
                .as("the look whether a window is armed")
                .anyMatch(line -> line.contains("Probe::field"));
    }

    /** An application with probes, in a window. */
    static final class Woven {
        private static final int TURNS = 200_000;

        private Woven() {}

        public static void main(String[] arguments) {
            Probe.armed = 1;
            LockProbe.armed = true;
            Woven woven = new Woven();
            for (int i = 0; i < TURNS; i++) {
                woven.count();
            }
        }

        private void count() {
            LockProbe.monitor(this, "here");
            Probe.call(this, "Map.get", 1);
            Probe.field(this, "total I", 2 | Use.WRITES);
            LockProbe.release(this);
        }
    }
}
