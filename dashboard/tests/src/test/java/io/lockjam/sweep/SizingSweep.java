// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Sweeps pool sizes and writes down how far recommendation and predictions hold; {@code docs/sizing.md} has the command.
 *
 * <p>{@code -Dlockjam.sweep=sleep-poisson,cpu-bursty} runs some of the arms, {@code -Dlockjam.sweep.seconds=60} changes the time for each size but the first, which is watched three times as long.
 */
final class SizingSweep {
    private static final List<String> CHOSEN =
            List.of(System.getProperty("lockjam.sweep", "all").split(","));
    private static final int SECONDS = Integer.getInteger("lockjam.sweep.seconds", 20);

    /** 600 tasks a second of 20 ms keep twelve threads busy; the first size is what the product sees. */
    private static final List<Integer> WAITING = List.of(16, 10, 12, 13, 14, 15, 18, 24);

    /** 400 tasks a second of 4 ms of computing keep 1.6 cores busy. */
    private static final List<Integer> COMPUTING = List.of(3, 1, 2, 4, 8, 16);

    /** 300 tasks a second of 4 ms of computing and 12 ms of waiting. */
    private static final List<Integer> BOTH = List.of(8, 4, 5, 6, 7, 10, 16);

    private static Stream<SweepArm> arms() {
        return Stream.of("poisson", "bursty")
                .flatMap(arrivals -> Stream.of(
                        new SweepArm("sleep", arrivals, 600, SECONDS, WAITING),
                        new SweepArm("socket", arrivals, 600, SECONDS, WAITING),
                        new SweepArm("cpu", arrivals, 400, SECONDS, COMPUTING),
                        new SweepArm("mixed", arrivals, 300, SECONDS, BOTH)))
                .filter(arm -> CHOSEN.contains("all") || CHOSEN.contains(arm.work() + "-" + arm.arrivals()));
    }

    /** The target's own classes and nothing of the product. */
    private static String classes() {
        return Path.of(URI.create(SweepTarget.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    @Test
    void writesTheTableAndThePlot() throws IOException, InterruptedException {
        List<SweepArm.Outcome> outcomes = new ArrayList<>();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (SweepArm arm : arms().toList()) {
            outcomes.add(arm.run(java, classes(), System.getProperty("lockjam.jar")));
        }
        Path folder = Files.createDirectories(Path.of(System.getProperty("lockjam.sweep.out", "target/sweep")));
        Files.writeString(folder.resolve("sizing.md"), SweepPage.table(outcomes));
        Files.writeString(folder.resolve("sizing.svg"), SweepPage.plot(outcomes));
        System.err.println(SweepPage.table(outcomes));

        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy(outcome ->
                        assertThat(outcome.points()).hasSameSizeAs(outcome.arm().sizes()));
    }
}
