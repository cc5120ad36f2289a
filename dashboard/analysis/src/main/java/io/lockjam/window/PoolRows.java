// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds the {@link PoolWindow}s of a range. */
final class PoolRows {
    private static final int VARIATION_SECONDS = 10;
    private static final int SUBMITTER_THREADS = 10;

    private final Memory memory;
    private final Range range;
    private final Map<String, List<Second.PoolCell>> cells = new LinkedHashMap<>();
    private final Map<String, int[][]> series = new LinkedHashMap<>();

    PoolRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    List<PoolWindow> build() {
        long first = range.from().getEpochSecond();
        int length = QueueRows.seconds(range);
        for (Second second : memory.in(range)) {
            for (Second.PoolCell cell : second.pools.values()) {
                String id = cell.fact().identity();
                cells.computeIfAbsent(id, key -> new ArrayList<>()).add(cell);
                int[][] own = series.computeIfAbsent(id, key -> empty(length));
                int index = (int) (second.epochSecond - first);
                own[0][index] = cell.fact().queueDepth();
                own[1][index] = cell.fact().busy();
                own[2][index] = cell.fact().size();
            }
        }
        Map<String, List<PoolWindow.Submitter>> submitters = submitters();
        return cells.entrySet().stream()
                .map(each -> window(
                        each.getValue(),
                        series.getOrDefault(each.getKey(), empty(length)),
                        submitters.getOrDefault(each.getKey(), List.of())))
                .sorted(Comparator.comparing(PoolWindow::busyMean).reversed())
                .toList();
    }

    private static int[][] empty(int length) {
        int[][] all = new int[3][length];
        for (int[] each : all) {
            Arrays.fill(each, -1);
        }
        return all;
    }

    private Map<String, List<PoolWindow.Submitter>> submitters() {
        record Key(String pool, String task, String site) {}
        Map<Key, List<Fact.TaskSubmitted>> groups = new LinkedHashMap<>();
        for (Fact.TaskSubmitted task : memory.few(range, Fact.TaskSubmitted.class)) {
            String site = task.stack().site().map(Object::toString).orElse("");
            groups.computeIfAbsent(new Key(task.poolIdentity(), task.taskClass(), site), key -> new ArrayList<>())
                    .add(task);
        }
        Map<String, List<PoolWindow.Submitter>> byPool = new LinkedHashMap<>();
        groups.forEach((key, tasks) -> {
            Set<String> threads = new LinkedHashSet<>();
            tasks.stream()
                    .limit(SUBMITTER_THREADS)
                    .forEach(task -> threads.add(task.submitter().label()));
            Stack stack = tasks.get(0).stack();
            byPool.computeIfAbsent(key.pool(), pool -> new ArrayList<>())
                    .add(new PoolWindow.Submitter(key.task(), stack, tasks.size(), List.copyOf(threads)));
        });
        byPool.values()
                .forEach(list -> list.sort(
                        Comparator.comparing(PoolWindow.Submitter::tasks).reversed()));
        return byPool;
    }

    private PoolWindow window(List<Second.PoolCell> seconds, int[][] own, List<PoolWindow.Submitter> submitters) {
        Fact.PoolTotals last = seconds.get(seconds.size() - 1).fact();
        Sums sums = new Sums(seconds);
        String name = last.name() != null
                ? last.name()
                : className(seconds).substring(className(seconds).lastIndexOf('.') + 1) + " " + last.identity();
        return new PoolWindow(
                "pool-" + last.identity(),
                className(seconds),
                last.identity(),
                name,
                last.type(),
                range,
                (int) Math.max(1, Math.round(sums.intervalNanos / 1e9)),
                last.size(),
                last.coreSize(),
                last.maxSize(),
                sums.intervalNanos == 0 ? last.busy() : (double) sums.busyNanos / sums.intervalNanos,
                QueueRows.max(own[1]),
                last.queueDepth(),
                QueueRows.mean(own[0]),
                QueueRows.max(own[0]),
                last.queueCapacity(),
                Slope.of(own[0]),
                sums.arrivals,
                sums.completions,
                sums.rejections,
                sums.timed,
                mean(sums.queueNanos, sums.waits(last.type())),
                mean(sums.serviceNanos, sums.timed),
                sums.serviceVariation(),
                sums.arrivalVariation(),
                sums.cpuServiceNanos == 0 ? Double.NaN : Math.min(1, (double) sums.cpuNanos / sums.cpuServiceNanos),
                Histogram.ofCounts(sums.queueTimes),
                Histogram.ofCounts(sums.serviceTimes),
                sums.waitersMax,
                QueueRows.boxed(own[0]),
                QueueRows.boxed(own[1]),
                QueueRows.boxed(own[2]),
                submitters);
    }

    /** A recording that ends in the middle can lack the text of its last events. */
    private static String className(List<Second.PoolCell> seconds) {
        return seconds.stream()
                .map(cell -> cell.fact().className())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static Duration mean(long nanos, long count) {
        return count == 0 ? Duration.ZERO : Duration.ofNanos(nanos / count);
    }

    /** One pool's figures added up. */
    private static final class Sums {
        final long[] queueTimes = new long[Histogram.BUCKETS];
        final long[] serviceTimes = new long[Histogram.BUCKETS];
        private final List<Double> rates = new ArrayList<>();
        long intervalNanos;
        long busyNanos;
        long arrivals;
        long completions;
        long rejections;
        long timed;
        long queueNanos;
        long serviceNanos;
        double serviceSquares;
        long cpuNanos;
        long cpuServiceNanos;
        int waitersMax;

        Sums(List<Second.PoolCell> seconds) {
            for (Second.PoolCell cell : seconds) {
                Fact.PoolTotals fact = cell.fact();
                intervalNanos += fact.interval().toNanos();
                busyNanos += fact.busyTime().toNanos();
                arrivals += fact.arrivals();
                completions += fact.completions();
                rejections += fact.rejections();
                timed += fact.timed();
                queueNanos += fact.queueTime().toNanos();
                serviceNanos += fact.serviceTime().toNanos();
                serviceSquares += fact.serviceSquaresMicros();
                cpuNanos += fact.cpuTime().toNanos();
                cpuServiceNanos += fact.cpuServiceTime().toNanos();
                waitersMax = Math.max(waitersMax, fact.waiters());
                rates.add((double) fact.arrivals());
                cell.queueTimes().addTo(queueTimes);
                cell.serviceTimes().addTo(serviceTimes);
            }
        }

        /** Waits in the sum: of a pool of slots every one, also those for nothing; else those of the timed tasks. */
        long waits(String type) {
            return type.equals("slots") ? Arrays.stream(queueTimes).sum() : timed;
        }

        /** Variance ÷ mean², over the timed tasks. */
        double serviceVariation() {
            double mean = timed == 0 ? 0 : serviceNanos / 1e3 / timed;
            if (timed < 2 || mean == 0) {
                return Double.NaN;
            }
            return Math.max(0, serviceSquares / timed / (mean * mean) - 1);
        }

        /**
         * For a Poisson stream the variance of the count in a second equals its mean, so variance ÷ mean of the counts estimates
         * the squared coefficient of variation of the gaps (index of dispersion; Cox and Lewis, 1966).
         */
        double arrivalVariation() {
            if (rates.size() < VARIATION_SECONDS || arrivals == 0) {
                return Double.NaN;
            }
            double mean = (double) arrivals / rates.size();
            double squares = rates.stream()
                    .mapToDouble(rate -> (rate - mean) * (rate - mean))
                    .sum();
            return squares / (rates.size() - 1) / mean;
        }
    }
}
