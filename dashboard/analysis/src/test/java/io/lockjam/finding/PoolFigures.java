// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.PoolSamples;
import java.time.Duration;
import java.util.Map;

/**
 * A pool's second with tasks of one length, in figures by their names; those that are not given are a half busy pool's.
 *
 * @param spread what is told of how long single tasks waited and ran
 */
record PoolFigures(
        String className,
        String identity,
        String name,
        String type,
        Map<String, Number> figures,
        PoolSamples samples,
        Spread spread) {
    /** How long single tasks waited and ran. */
    record Spread(Histogram queueTimes, Histogram serviceTimes) {}

    static PoolFigures of(Map<String, Number> figures) {
        int busyMost = figures.getOrDefault("busyMost", -1).intValue();
        return new PoolFigures(
                "java.util.concurrent.ThreadPoolExecutor",
                "9001",
                "worker-#",
                "threads",
                figures,
                new PoolSamples(0, Duration.ZERO, 0, busyMost, 0, 0),
                new Spread(Histogram.EMPTY, Histogram.EMPTY));
    }

    PoolFigures of(String className, String name, String type) {
        return new PoolFigures(className, identity, name, type, figures, samples, spread);
    }

    PoolFigures type(String type) {
        return of(className, name, type);
    }

    PoolFigures identity(String identity) {
        return new PoolFigures(className, identity, name, type, figures, samples, spread);
    }

    PoolFigures samples(PoolSamples samples) {
        return new PoolFigures(className, identity, name, type, figures, samples, spread);
    }

    PoolFigures spread(Histogram queueTimes, Histogram serviceTimes) {
        return new PoolFigures(className, identity, name, type, figures, samples, new Spread(queueTimes, serviceTimes));
    }

    Fact.PoolTotals at(double second) {
        long timed = number("timed", 50);
        double service = decimal("serviceMillis", 10);
        double cpu = decimal("cpuShare", 0.1);
        return new Fact.PoolTotals(
                Story.at(second),
                Duration.ofSeconds(1),
                className,
                identity,
                name,
                type,
                (int) number("size", 8),
                (int) number("core", number("size", 8)),
                (int) number("max", number("size", 8)),
                (int) number("busy", 4),
                Story.millis(1000 * decimal("busyMean", decimal("busy", 4))),
                (int) number("depth", 0),
                (int) number("capacity", -1),
                number("arrivals", 100),
                number("completions", number("arrivals", 100)),
                number("rejections", 0),
                timed,
                Story.millis(decimal("queueMillis", 0) * timed),
                Story.millis(service * timed),
                timed * service * service * 1e6 * 2,
                Story.millis(service * timed * cpu),
                Story.millis(service * timed),
                spread.queueTimes,
                spread.serviceTimes,
                0,
                samples,
                null);
    }

    private long number(String name, long otherwise) {
        return figures.getOrDefault(name, otherwise).longValue();
    }

    private double decimal(String name, double otherwise) {
        return figures.getOrDefault(name, otherwise).doubleValue();
    }
}
