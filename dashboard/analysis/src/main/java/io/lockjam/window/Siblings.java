// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.PoolSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Pools of one thread each that a library makes for one scheduler, as Reactor and RxJava do: to whoever uses them they are one pool.
 *
 * <p>That they belong together is told by the library's code that hands tasks in, and by names that differ in the last number only.
 */
final class Siblings {
    /** Makers of such schedulers, and what they call one. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "reactor.core.scheduler.", "reactor.core.scheduler.Scheduler",
            "io.reactivex.", "io.reactivex.Scheduler");

    private static final Pattern NUMBERED = Pattern.compile("[^#]*#");

    /** A pool in which nothing happens is told of once in as many seconds. */
    private static final long QUIET_SECONDS = 10;

    private final String className;
    private final List<List<Second.PoolCell>> pools;

    private Siblings(String className, List<List<Second.PoolCell>> pools) {
        this.className = className;
        this.pools = pools;
    }

    /**
     * The pools that are one, by what their threads are called; those alone of their kind are left out.
     *
     * @param cells of each pool
     * @param submitters of each pool that is known to have some
     */
    static List<Siblings> of(
            Map<String, List<Second.PoolCell>> cells, Map<String, List<PoolWindow.Submitter>> submitters) {
        Map<String, List<String>> byName = new TreeMap<>();
        cells.forEach((identity, seconds) -> {
            Fact.PoolTotals last = seconds.get(seconds.size() - 1).fact();
            String name = last.name();
            if (name != null && NUMBERED.matcher(name).matches() && isAlone(last)) {
                byName.computeIfAbsent(name, key -> new ArrayList<>()).add(identity);
            }
        });
        List<Siblings> found = new ArrayList<>();
        for (List<String> identities : byName.values()) {
            Optional<String> maker = maker(identities, cells, submitters);
            if (identities.size() > 1 && maker.isPresent()) {
                found.add(new Siblings(
                        maker.get(),
                        identities.stream()
                                .map(each -> cells.getOrDefault(each, List.of()))
                                .toList()));
            }
        }
        return found;
    }

    private static boolean isAlone(Fact.PoolTotals pool) {
        return pool.type().equals("scheduled") && pool.size() <= 1 && pool.coreSize() == 1;
    }

    /** The library's class of schedulers, as exactly as it is known; empty if the pools are nobody's but the application's. */
    private static Optional<String> maker(
            List<String> identities,
            Map<String, List<Second.PoolCell>> cells,
            Map<String, List<PoolWindow.Submitter>> submitters) {
        List<String> classes = Stream.concat(
                        identities.stream()
                                .flatMap(each -> cells.getOrDefault(each, List.of()).stream())
                                .map(cell -> cell.fact().className()),
                        identities.stream()
                                .flatMap(each -> submitters.getOrDefault(each, List.of()).stream())
                                .flatMap(each -> each.stack().frames().stream())
                                .map(frame -> frame.className()))
                .filter(name -> LIBRARIES.keySet().stream().anyMatch(name::startsWith))
                .map(name -> name.replaceFirst("\\$.*", ""))
                .toList();
        return classes.stream()
                .filter(name -> name.endsWith("Scheduler")
                        && LIBRARIES.values().stream().noneMatch(name::equals))
                .findFirst()
                .or(() -> classes.stream()
                        .findFirst()
                        .flatMap(name -> LIBRARIES.entrySet().stream()
                                .filter(each -> name.startsWith(each.getKey()))
                                .map(Map.Entry::getValue)
                                .findFirst()));
    }

    /** Of its pools; the first is that of the whole. */
    List<String> identities() {
        return pools.stream().map(each -> each.get(0).fact().identity()).toList();
    }

    /** What was told of them in each second, as if of one pool. */
    List<Second.PoolCell> cells() {
        Map<Long, List<Second.PoolCell>> bySecond = new TreeMap<>();
        pools.stream()
                .flatMap(List::stream)
                .forEach(cell -> bySecond.computeIfAbsent(cell.fact().at().getEpochSecond(), key -> new ArrayList<>())
                        .add(cell));
        List<Second.PoolCell> whole = new ArrayList<>();
        bySecond.forEach((second, told) -> whole.add(together(second, told)));
        return whole;
    }

    private Second.PoolCell together(long second, List<Second.PoolCell> told) {
        SparseCounts queueTimes = new SparseCounts();
        SparseCounts serviceTimes = new SparseCounts();
        told.forEach(cell -> {
            queueTimes.add(cell.queueTimes());
            serviceTimes.add(cell.serviceTimes());
        });
        Map<String, Fact.PoolTotals> latest = new HashMap<>();
        told.forEach(cell -> latest.put(cell.fact().identity(), cell.fact()));
        List<Fact.PoolTotals> alive = pools.stream()
                .filter(pool -> lives(pool, second))
                .map(pool -> latest.getOrDefault(pool.get(0).fact().identity(), before(pool, second)))
                .toList();
        List<Fact.PoolTotals> facts = told.stream().map(Second.PoolCell::fact).toList();
        return new Second.PoolCell(together(facts, alive, latest.values()), queueTimes, serviceTimes);
    }

    private static boolean lives(List<Second.PoolCell> pool, long second) {
        return pool.get(0).fact().at().getEpochSecond() <= second + QUIET_SECONDS
                && pool.get(pool.size() - 1).fact().at().getEpochSecond() >= second - QUIET_SECONDS;
    }

    /** What was told last until a second; the first if that was later. */
    private static Fact.PoolTotals before(List<Second.PoolCell> pool, long second) {
        Fact.PoolTotals last = pool.get(0).fact();
        for (Second.PoolCell cell : pool) {
            last = cell.fact().at().getEpochSecond() <= second ? cell.fact() : last;
        }
        return last;
    }

    /**
     * @param told in this second
     * @param alive the state of each pool
     * @param latest of those told in this second
     */
    private Fact.PoolTotals together(
            List<Fact.PoolTotals> told, List<Fact.PoolTotals> alive, Collection<Fact.PoolTotals> latest) {
        Fact.PoolTotals first = pools.get(0).get(0).fact();
        int threads = number(alive, Fact.PoolTotals::coreSize);
        return new Fact.PoolTotals(
                told.stream().map(Fact.PoolTotals::at).max(Instant::compareTo).orElseThrow(),
                interval(told),
                className,
                first.identity(),
                first.name(),
                first.type(),
                number(alive, Fact.PoolTotals::size),
                threads,
                threads,
                number(latest, Fact.PoolTotals::busy),
                nanos(told, fact -> fact.busyTime().toNanos()),
                number(alive, Fact.PoolTotals::queueDepth),
                first.queueCapacity(),
                told.stream().mapToLong(Fact.PoolTotals::arrivals).sum(),
                told.stream().mapToLong(Fact.PoolTotals::completions).sum(),
                told.stream().mapToLong(Fact.PoolTotals::rejections).sum(),
                told.stream().mapToLong(Fact.PoolTotals::timed).sum(),
                nanos(told, fact -> fact.queueTime().toNanos()),
                nanos(told, fact -> fact.serviceTime().toNanos()),
                told.stream().mapToDouble(Fact.PoolTotals::serviceSquaresMicros).sum(),
                nanos(told, fact -> fact.cpuTime().toNanos()),
                nanos(told, fact -> fact.cpuServiceTime().toNanos()),
                Histogram.EMPTY,
                Histogram.EMPTY,
                0,
                new PoolSamples(
                        0,
                        Duration.ZERO,
                        0,
                        number(latest, fact -> fact.samples().busyMost()),
                        0,
                        0),
                null);
    }

    /** Of the pool that was told longest: one may have been told twice. */
    private static Duration interval(List<Fact.PoolTotals> told) {
        Map<String, Duration> byPool = new HashMap<>();
        told.forEach(fact -> byPool.merge(fact.identity(), fact.interval(), Duration::plus));
        return byPool.values().stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    private static int number(Collection<Fact.PoolTotals> facts, ToIntFunction<Fact.PoolTotals> figure) {
        return facts.stream().mapToInt(figure).map(each -> Math.max(0, each)).sum();
    }

    private static Duration nanos(List<Fact.PoolTotals> facts, ToLongFunction<Fact.PoolTotals> figure) {
        return Duration.ofNanos(facts.stream().mapToLong(figure).sum());
    }
}
