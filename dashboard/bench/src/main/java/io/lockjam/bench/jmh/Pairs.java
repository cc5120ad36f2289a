// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.jmh;

import io.lockjam.bench.PairedRatios;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs each benchmark in pairs of JVMs that follow each other, one with the agent and one without, and gives the ratio.
 *
 * <p>JMH by itself runs all forks of one kind before those of the other, and a machine is not the same ten minutes later.
 */
public final class Pairs {
    private static final List<String> ALL = List.of(
            "reentrantLock",
            "readLock",
            "stampedLock",
            "semaphore",
            "monitor",
            "unparkAndPark",
            "linkedBlockingQueue",
            "arrayBlockingQueue",
            "ExecutorBenchmarks.execute",
            "forkJoinExecute",
            "supplyAsync",
            "hikariCp",
            "commonsPool");

    private Pairs() {}

    /**
     * Runs the pairs and prints their ratios.
     *
     * @param arguments agent jar, rounds, and names of benchmarks; without names, all
     */
    public static void main(String[] arguments) throws RunnerException {
        String agent = arguments[0];
        int rounds = Integer.parseInt(arguments[1]);
        List<String> names = arguments.length > 2 ? Arrays.asList(arguments).subList(2, arguments.length) : ALL;
        Map<String, PairedRatios> ratios = new TreeMap<>();
        for (String name : names) {
            if (!ALL.contains(name)) {
                System.err.println("There is no benchmark " + name + "; there are " + String.join(", ", ALL));
                System.exit(2);
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (String name : names) {
                double[] pair = pair(name, agent, round % 2 == 0);
                ratios.computeIfAbsent(name, first -> new PairedRatios()).add(pair[0], pair[1]);
                System.out.printf(
                        Locale.ROOT,
                        "%-28s %10.2f  %10.2f ns  %s%n",
                        name,
                        pair[0],
                        pair[1],
                        ratios.get(name).estimate());
            }
        }
        System.out.println("CPU for each operation, with the agent to without, JDK " + Runtime.version());
        ratios.forEach((name, all) -> System.out.printf(Locale.ROOT, "%-28s %s%n", name, all.estimate()));
    }

    /** With the agent, and without. */
    private static double[] pair(String name, String agent, boolean agentFirst) throws RunnerException {
        double first = run(name, agent, agentFirst);
        double second = run(name, agent, !agentFirst);
        return agentFirst ? new double[] {first, second} : new double[] {second, first};
    }

    /** CPU nanoseconds for each operation: of the iterations the best, which had the fewest neighbours. */
    private static double run(String name, String agent, boolean withAgent) throws RunnerException {
        Options options = new OptionsBuilder()
                .include("\\." + name.replace(".", "\\.") + "$")
                .mode(Mode.AverageTime)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(600))
                .measurementIterations(6)
                .measurementTime(TimeValue.milliseconds(300))
                .jvmArgsAppend(withAgent ? "-javaagent:" + agent + "=depth=light" : "-Dlockjam=none")
                .addProfiler(CpuProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build();
        RunResult result = new Runner(options).runSingle();
        return result.getBenchmarkResults().iterator().next().getIterationResults().stream()
                .map(Pairs::cpu)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static double cpu(IterationResult iteration) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(CpuProfiler.RESULT))
                .getScore();
    }
}
