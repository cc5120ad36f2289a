// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Builds the {@link PoolWindow}s of a range. */
final class PoolRows {
    /** A millisecond of each second is what a cgroup gets at least (cpu.max); less is damage. */
    private static final double LEAST_QUOTA = 0.001;

    /** A change of size is judged from as many seconds on either side. */
    private static final int PART_SECONDS = 5;

    /** In the second of the change and the one after it threads start and the queue is worked off. */
    private static final int SETTLING_SECONDS = 2;

    private static final int SUBMITTER_THREADS = 10;

    /** Limits of Kotlin's dispatchers have no threads of their own. */
    private static final String OF_COROUTINES = "Dispatchers.";

    private static final String COROUTINE_THREADS = "DefaultDispatcher-worker-#";

    /** What all threads together used is a bound on what the tasks of one limit did; above this it says nothing. */
    private static final double LITTLE = 0.1;

    private final Memory memory;
    private final Range range;
    private final CoreWaits coreWaits;
    private final double cores;
    private final GroupNames groupNames;
    private final Map<String, List<Second.PoolCell>> cells = new LinkedHashMap<>();
    private final Map<String, List<Fact.QueueTotals>> queues = new LinkedHashMap<>();

    PoolRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
        this.coreWaits = new CoreWaits(memory);
        this.cores = cores(memory, range);
        this.groupNames = new GroupNames(memory.threads.refs());
    }

    List<PoolWindow> build() {
        for (Second second : memory.in(range)) {
            for (Second.PoolCell cell : second.pools) {
                cells.computeIfAbsent(cell.fact().identity(), key -> new ArrayList<>())
                        .add(cell);
            }
            for (Second.QueueCell cell : second.queues) {
                String pool = cell.fact().poolIdentity();
                if (pool != null) {
                    queues.computeIfAbsent(pool, key -> new ArrayList<>()).add(cell.fact());
                }
            }
        }
        cells.values().removeIf(PoolRows::isOfJvm);
        Map<String, List<PoolWindow.Submitter>> submitters = submitters();
        Siblings.of(cells, submitters).forEach(each -> join(each, submitters));
        return cells.entrySet().stream()
                .map(each -> window(
                        each.getValue(),
                        range,
                        submitters.getOrDefault(each.getKey(), List.of()),
                        parts(each.getValue())))
                .sorted(Comparator.comparing(PoolWindow::busyMean).reversed())
                .toList();
    }

    /** Such as the timer of virtual threads, which is an executor. */
    private static boolean isOfJvm(List<Second.PoolCell> seconds) {
        return seconds.stream()
                .map(each -> each.fact().name())
                .anyMatch(name -> name != null && JvmThreads.contain(name));
    }

    /** Puts the whole in the place of its first pool. */
    private void join(Siblings siblings, Map<String, List<PoolWindow.Submitter>> submitters) {
        List<String> identities = siblings.identities();
        cells.put(identities.get(0), siblings.cells());
        for (String other : identities.subList(1, identities.size())) {
            cells.remove(other);
            append(queues, identities.get(0), other);
            append(submitters, identities.get(0), other);
        }
    }

    private static <T> void append(Map<String, List<T>> lists, String to, String from) {
        List<T> moved = lists.remove(from);
        if (moved != null) {
            lists.computeIfAbsent(to, key -> new ArrayList<>()).addAll(moved);
        }
    }

    /** The windows before and after the last time somebody set another size, if both are long enough to compare. */
    private List<PoolWindow> parts(List<Second.PoolCell> seconds) {
        int end = seconds.size();
        int change = lastChange(seconds, end);
        int begin = change < 0 ? -1 : Math.max(0, lastChange(seconds, change));
        int after = change + SETTLING_SECONDS;
        if (change < 0 || change - begin < PART_SECONDS || end - after < PART_SECONDS) {
            return List.of();
        }
        return List.of(part(seconds.subList(begin, change)), part(seconds.subList(after, end)));
    }

    private PoolWindow part(List<Second.PoolCell> seconds) {
        Instant from = seconds.get(0).fact().at().minus(seconds.get(0).fact().interval());
        Range own = new Range(from, seconds.get(seconds.size() - 1).fact().at().plusNanos(1));
        return window(seconds, own, List.of(), List.of());
    }

    /** The first of the seconds before {@code end} that have one size; -1 if all have. */
    private static int lastChange(List<Second.PoolCell> seconds, int end) {
        for (int i = end - 1; i > 0; i--) {
            Fact.PoolTotals one = seconds.get(i - 1).fact();
            Fact.PoolTotals next = seconds.get(i).fact();
            if (one.coreSize() != next.coreSize() || one.maxSize() != next.maxSize()) {
                return i;
            }
        }
        return -1;
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

    /** Its class, or, where that was not recorded, its type, and what tells it from others. */
    static String unnamed(String className, String type, String identity) {
        return (className.isEmpty() ? type + " pool" : className.substring(className.lastIndexOf('.') + 1)) + " "
                + identity;
    }

    private PoolWindow window(
            List<Second.PoolCell> seconds, Range range, List<PoolWindow.Submitter> submitters, List<PoolWindow> parts) {
        int[] depths = PoolSeries.of(seconds, range, Fact.PoolTotals::queueDepth, before -> before);
        int[] busies = PoolSeries.of(seconds, range, Fact.PoolTotals::busy, before -> 0);
        int[] sizes = PoolSeries.of(seconds, range, Fact.PoolTotals::size, before -> before);
        Fact.PoolTotals last = seconds.get(seconds.size() - 1).fact();
        Sums sums = new Sums(seconds);
        boolean exact = sums.busyBy(BusyTime.of(seconds, idle(seconds), sums.busyNanos));
        String name = last.name() != null ? last.name() : unnamed(className(seconds), last.type(), last.identity());
        String group = name.replaceAll("\\d+", "#");
        return new PoolWindow(
                "pool-" + last.identity(),
                className(seconds),
                last.identity(),
                groupNames.of(name),
                last.type(),
                range,
                Duration.ofNanos(sums.intervalNanos),
                last.size(),
                last.coreSize(),
                last.maxSize(),
                sums.intervalNanos == 0 ? last.busy() : (double) sums.busyNanos / sums.intervalNanos,
                exact,
                Math.max(sums.busyMost, QueueRows.max(busies)),
                last.queueDepth(),
                QueueRows.mean(depths),
                QueueRows.max(depths),
                last.queueCapacity(),
                Slope.of(depths),
                sums.arrivals,
                sums.completions,
                sums.rejections,
                sums.timed,
                mean(sums.queueNanos, sums.waits(last.type())),
                mean(sums.serviceNanos, sums.timed),
                sums.serviceVariation(),
                sums.counts.variation(),
                sums.lateArrivals(),
                cpuShare(sums, group, range),
                coreWaits.ratio(group, range),
                cores,
                Histogram.ofCounts(sums.queueTimes),
                Histogram.ofCounts(sums.serviceTimes),
                sums.waitersMax,
                holdersWaiting(seconds),
                QueueRows.boxed(depths),
                QueueRows.boxed(busies),
                QueueRows.boxed(sizes),
                submitters,
                last.longest(),
                parts);
    }

    /** Nanoseconds that its threads waited for work in these seconds. */
    private long idle(List<Second.PoolCell> seconds) {
        Fact.PoolTotals first = seconds.get(0).fact();
        Instant from = first.at().minus(first.interval());
        Instant to = seconds.get(seconds.size() - 1).fact().at();
        return queues.getOrDefault(first.identity(), List.of()).stream()
                .filter(fact -> fact.at().isAfter(from) && !fact.at().isAfter(to))
                .mapToLong(fact -> fact.idleTakeWaited().toNanos())
                .sum();
    }

    /** Of the tasks whose CPU clock was read; else what its threads used, if no other pool's threads have their name. */
    private double cpuShare(Sums sums, String group, Range within) {
        if (sums.cpuServiceNanos > 0) {
            return Math.min(1, (double) sums.cpuNanos / sums.cpuServiceNanos);
        }
        if (group.startsWith(OF_COROUTINES)) {
            double most = (double) coreWaits.ranNanos(COROUTINE_THREADS, within) / Math.max(1, sums.busyNanos);
            return most < 0 || most > LITTLE ? Double.NaN : most;
        }
        long ran = coreWaits.ranNanos(group, within);
        long namesakes = cells.values().stream()
                .map(each -> each.get(each.size() - 1).fact().name())
                .filter(name -> name != null && name.replaceAll("\\d+", "#").equals(group))
                .count();
        return ran < 0 || sums.busyNanos == 0 || namesakes != 1
                ? Double.NaN
                : Math.min(1, (double) ran / sums.busyNanos);
    }

    private static int holdersWaiting(List<Second.PoolCell> seconds) {
        int least = seconds.size() < 2 ? 0 : Integer.MAX_VALUE;
        for (Second.PoolCell cell : seconds.subList(Math.max(0, seconds.size() - 2), seconds.size())) {
            least = Math.min(least, cell.fact().samples().holdersWaiting());
        }
        return least;
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
        final long intervalNanos;
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
        int busyMost;
        final ArrivalCounts counts = new ArrivalCounts();
        private double late;

        Sums(List<Second.PoolCell> seconds) {
            for (Second.PoolCell cell : seconds) {
                Fact.PoolTotals fact = cell.fact();
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
                busyMost = Math.max(busyMost, fact.samples().busyMost());
                counts.add(fact);
                cell.queueTimes().addTo(queueTimes);
                cell.serviceTimes().addTo(serviceTimes);
            }
            Fact.PoolTotals first = seconds.get(0).fact();
            Fact.PoolTotals last = seconds.get(seconds.size() - 1).fact();
            long told = seconds.stream()
                    .mapToLong(cell -> cell.fact().interval().toNanos())
                    .sum();
            intervalNanos = Math.max(
                    told,
                    Duration.between(first.at(), last.at())
                            .plus(first.interval())
                            .toNanos());
            Instant middle = last.at().minusNanos(intervalNanos / 2);
            for (Second.PoolCell cell : seconds) {
                Fact.PoolTotals fact = cell.fact();
                double share = (double) Duration.between(middle, fact.at()).toNanos()
                        / Math.max(1, fact.interval().toNanos());
                late += fact.arrivals() * Math.min(1, Math.max(0, share));
            }
            counts.addSilence(intervalNanos - told); // in seconds of which nothing was told nothing arrived
        }

        /** Takes the exact time, if there is one; whether there is. */
        boolean busyBy(OptionalLong exact) {
            busyNanos = exact.orElse(busyNanos);
            return exact.isPresent();
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

        double lateArrivals() {
            return arrivals == 0 ? 0.5 : late / arrivals;
        }
    }

    /** Most threads or slots of a pool that were busy at one moment of all that is kept. */
    static int busiest(Memory memory, String poolIdentity) {
        Instant end = memory.latest == null ? Instant.EPOCH : memory.latest.plusNanos(1);
        int most = 0;
        for (Second second : memory.in(new Range(Instant.EPOCH, end))) {
            for (Second.PoolCell cell : second.pools) {
                if (cell.fact().identity().equals(poolIdentity)) {
                    int seen =
                            Math.max(cell.fact().busy(), cell.fact().samples().busyMost());
                    most = Math.max(most, seen);
                }
            }
        }
        return most;
    }

    /** Cores the JVM may use: the quota of its cgroup if that is less than the machine's; 0 if not known. */
    static double cores(Memory memory, Range range) {
        double cores = memory.target.cpus();
        for (Second second : memory.in(range)) {
            double quota = second.os == null ? -1 : second.os.quotaCores();
            cores = quota >= LEAST_QUOTA && (cores == 0 || quota < cores) ? quota : cores;
        }
        return cores;
    }
}
