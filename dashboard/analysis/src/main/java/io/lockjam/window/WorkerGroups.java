// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Histogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Pools of libraries and applications that nothing else tells of: platform threads of one name, but for its numbers, that wait for work at times and
 * work at others. How many there are and how many are busy is known from their states, once a second; of their tasks nothing is.
 */
public final class WorkerGroups {
    public static final String TYPE = "workers";

    private static final int FEWEST = 2;

    /** Of the threads: one that was busy all the time is a worker, too. */
    private static final double IDLE_AT_TIMES = 0.5;

    /** Of a second that has a small letter: its state lasted for less than a fifth. */
    private static final double SMALL = 0.1;

    private WorkerGroups() {}

    /** All pools of a range, those of which only the threads are known behind the others. */
    public static List<PoolWindow> besidePools(Session session, Range range) {
        List<PoolWindow> pools = session.pools(range);
        Set<String> known =
                pools.stream().map(pool -> pool.name().replaceAll("\\d+", "#")).collect(Collectors.toSet());
        Lanes lanes = session.lanes(range);
        Map<String, List<Lanes.Lane>> groups = new LinkedHashMap<>();
        for (Lanes.Lane lane : lanes.rows()) {
            groups.computeIfAbsent(lane.group(), group -> new ArrayList<>()).add(lane);
        }
        GroupNames names =
                new GroupNames(lanes.rows().stream().map(Lanes.Lane::thread).toList());
        double cores = session.cores(range);
        List<PoolWindow> all = new ArrayList<>(pools);
        groups.forEach((group, threads) -> {
            // threads of fork-join pools go by the number of their pool
            boolean own = group.contains("#") && !group.startsWith("ForkJoinPool") && !known.contains(group);
            if (own && areWorkers(threads)) {
                all.add(window(group, names.of(group), threads, range, cores));
            }
        });
        return all;
    }

    private static boolean areWorkers(List<Lanes.Lane> threads) {
        long idle =
                threads.stream().filter(lane -> lane.states().indexOf('W') >= 0).count();
        boolean busy = threads.stream().anyMatch(lane -> lane.states().chars().anyMatch(WorkerGroups::isBusy));
        return threads.size() >= FEWEST && idle >= IDLE_AT_TIMES * threads.size() && busy;
    }

    private static boolean isBusy(int letter) {
        return Character.isUpperCase(letter) && letter != 'W';
    }

    private static PoolWindow window(String group, String name, List<Lanes.Lane> threads, Range range, double cores) {
        List<Integer> sizes = counts(threads, letter -> letter != ' ' && letter != '?');
        List<Integer> busies = counts(threads, WorkerGroups::isBusy);
        double busy = busies.stream().mapToInt(Integer::intValue).sum()
                + SMALL
                        * counts(threads, Character::isLowerCase).stream()
                                .mapToInt(Integer::intValue)
                                .sum();
        long seconds = sizes.stream().filter(size -> size > 0).count();
        int size = sizes.get(sizes.size() - 1);
        return new PoolWindow(
                "workers-" + Integer.toHexString(group.hashCode()),
                "",
                "",
                name,
                TYPE,
                range,
                Duration.ofSeconds(seconds),
                size,
                size,
                size,
                busy / Math.max(1, seconds),
                false,
                busies.stream().mapToInt(Integer::intValue).max().orElse(0),
                0,
                0,
                0,
                -1,
                0,
                0,
                0,
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Double.NaN,
                Double.NaN,
                0.5,
                Double.NaN,
                Double.NaN,
                cores,
                Histogram.EMPTY,
                Histogram.EMPTY,
                0,
                0,
                List.of(),
                busies,
                sizes,
                List.of(),
                null,
                List.of());
    }

    /** Threads with such a letter, second by second. */
    private static List<Integer> counts(List<Lanes.Lane> threads, IntPredicate letter) {
        List<Integer> counts = new ArrayList<>();
        int seconds = threads.get(0).states().length();
        for (int i = 0; i < seconds; i++) {
            int at = i;
            counts.add((int) threads.stream()
                    .filter(lane -> letter.test(lane.states().charAt(at)))
                    .count());
        }
        return List.copyOf(counts);
    }
}
