// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.window.PoolWindow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds groups of threads that only grow.
 *
 * <p>At least eight more of one name group, a tenth or less ended, and new ones in each third of the time: a pool that fills up at the start stops
 * growing, and one that is known and has not reached its size is no leak.
 */
record ThreadLeakRule(int minGrowth, double maxEnded, int minSeconds) implements Rule<Situation> {
    static final ThreadLeakRule DEFAULT = new ThreadLeakRule(8, 0.1, 6);

    private static final int OF_LATE = 2;

    /** A pool that may have so many threads has no bound. */
    private static final int UNBOUNDED = 10_000;

    @Override
    public Kind kind() {
        return Kind.THREAD_LEAK;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        if (all.seconds() < minSeconds) {
            return notYet("growth of thread groups: seen for less than " + minSeconds + " s");
        }
        return Verdict.of(ThreadStarts.of(all).stream()
                .filter(each -> grows(each, all))
                .map(each -> finding(each, all))
                .toList());
    }

    private boolean grows(ThreadStarts starts, Situation all) {
        return starts.started() - starts.ended() >= minGrowth
                && starts.ended() <= maxEnded * starts.started()
                && starts.goOn(all)
                && !fillsPool(starts, all)
                && !servesMore(starts, all);
    }

    /** One pool on its way to its size. Many pools of one name are what leaks when each is made for one use. */
    private static boolean fillsPool(ThreadStarts starts, Situation all) {
        return pool(starts, all)
                .filter(pool -> pool.maxSize() > 0 && pool.maxSize() < UNBOUNDED && pool.size() <= pool.maxSize())
                .isPresent();
    }

    /**
     * Whether one pool without a bound has no more threads in tasks than are needed for those that come, by Little's law: then it grows with its load. Twice
     * as many are granted, since of a load that grows most tasks have come of late.
     */
    private boolean servesMore(ThreadStarts starts, Situation all) {
        return pool(starts, all)
                .filter(pool -> pool.timed() > 0 && pool.busyMax() < OF_LATE * needed(pool) + minGrowth)
                .isPresent();
    }

    private static double needed(PoolWindow pool) {
        return pool.arrivalsPerSecond() * pool.serviceMean().toNanos() / 1e9;
    }

    private static Optional<PoolWindow> pool(ThreadStarts starts, Situation all) {
        List<PoolWindow> pools = starts.pools(all);
        return pools.size() == 1 ? Optional.of(pools.get(0)) : Optional.empty();
    }

    private Finding finding(ThreadStarts starts, Situation all) {
        String at =
                starts.origin().own().map(frame -> " at " + Words.place(frame)).orElse("");
        int more = starts.started() - starts.ended();
        double rate = more / all.seconds();
        long alive = starts.threads(all).stream()
                .filter(thread -> thread.ended() == null)
                .count();
        Optional<PoolWindow> pool = pool(starts, all);
        Text text = new Text(
                "Threads %s only grow: %d more in %s, %d alive, started%s."
                        .formatted(
                                starts.named(all), more, Words.time(all.range().length()), alive, at),
                starts.started() + " were started and " + starts.ended() + " ended." + stands(starts, all),
                "About " + Words.number(rate)
                        + " MB of stacks are reserved each second, until no thread can be started.",
                pool.map(each -> "Find out why tasks of " + each.name()
                                + " do not end: give what they wait for a time limit, and the pool a maximum size.")
                        .orElse("End what is started" + at
                                + ": close or shut down its pool or client, or make one and share it."),
                pool.isPresent()
                        ? "Tasks that end give their threads to the next ones."
                        : "With one shared pool the number of threads stands still.",
                "Exact: starts and ends are counted.",
                "At least %d more of one group, in each third of the time, at most %s ended; here %d and %s."
                        .formatted(minGrowth, Words.percent(maxEnded), more, Words.percent(starts.endedShare())));
        return new Finding.ThreadLeak(ThreadChurnRule.details(starts, all, text));
    }

    /** Where most of those that live do the same; empty if they wait for work. */
    private static String stands(ThreadStarts starts, Situation all) {
        Map<String, Long> places = starts.threads(all).stream()
                .filter(thread -> thread.ended() == null)
                .flatMap(thread -> thread.stack().own().stream())
                .filter(Frame::isOwn)
                .collect(Collectors.groupingBy(Words::place, Collectors.counting()));
        return places.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> most.getValue() > 1)
                .map(most -> " " + most.getValue() + " of them stand at " + most.getKey() + ".")
                .orElse("");
    }
}
