// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recommendations and predictions against a simulation, on which no other program of the machine has a say. */
class SizingSimulationTest {
    /** Waits below this share of the service time are none, however they were predicted. */
    private static final double NO_WAIT = 0.1;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "sleep poisson, 600, 1, 0,     0.020, 16, 0,   0.75, 1.25",
        "sleep bursty,  600, 4, 0,     0.020, 16, 0,   0.75, 1.25",
        "cpu poisson,   400, 1, 0.004, 0,      2, 0,   0.75, 1.25",
        "cpu bursty,    400, 4, 0.004, 0,      2, 0,   0.75, 1.25",
        "cpu beside others,   360, 1, 0.004, 0,     3, 0.2, 0.75, 1.25",
        "mixed beside others, 300, 1, 0.004, 0.012, 8, 0.3, 0.75, 1.25",
        // known to exceed: eight threads at two cores spread the service times, which the model takes for the tasks'
        // own
        "cpu crowded,   400, 1, 0.004, 0,      8, 0,   0.75, 1.35",
        "mixed poisson, 300, 1, 0.004, 0.012,  8, 0,   0.75, 1.25",
        "mixed bursty,  300, 4, 0.004, 0.012,  8, 0,   0.75, 1.25"
    })
    void holdsUpToNineTenths(
            String name,
            double perSecond,
            int burst,
            double computing,
            double waiting,
            int seen,
            double others,
            double least,
            double most) {
        PoolSimulation simulation = new PoolSimulation(perSecond, burst, computing, waiting, 2, others);
        Sizing sizing = Sizing.of(simulation.run(seen).load(simulation));
        Map<Integer, Double> done = new TreeMap<>();
        for (int threads : List.of(1, 2, 3, 5, 6, 8, 12, 13, 14, 16)) {
            PoolSimulation.Result result = simulation.run(threads);
            Prediction predicted = sizing.at(threads);
            done.put(threads, result.tasksPerSecond());
            if (result.utilisation() <= 0.9 && result.waitMean() > NO_WAIT * (computing + waiting)) {
                assertThat(predicted.queueSeconds() / result.waitMean())
                        .as(
                                "predicted ÷ simulated wait with %d threads, utilisation %.2f",
                                threads, result.utilisation())
                        .isBetween(least, most);
            }
        }
        double good =
                0.95 * done.values().stream().mapToDouble(each -> each).max().orElseThrow();
        int fewest = done.entrySet().stream()
                .filter(each -> each.getValue() >= good)
                .mapToInt(Map.Entry::getKey)
                .min()
                .orElseThrow();
        assertThat(simulation.run(sizing.recommended()).tasksPerSecond()).isGreaterThanOrEqualTo(good);
        assertThat(sizing.recommended()).isLessThanOrEqualTo((int) (1.3 * fewest));
    }
}
