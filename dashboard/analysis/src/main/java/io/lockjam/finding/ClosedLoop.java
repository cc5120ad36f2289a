// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * How many submitters of a pool wait for their replies.
 *
 * <p>Of N clients that ask again as soon as they have their reply N are in the pool at any moment. In an open stream the number
 * moves from second to second: by the arrivals of that second while all threads are busy, by twice the number itself while
 * none waits. Where it grows steadily they do not wait. One second may be different: the attach itself stops all threads for a moment.
 */
final class ClosedLoop {
    private static final int MIN_STEPS = 5;

    /** In a closed loop as many are in the pool each second; the rest allows for the moment a task is on its way. */
    private static final double STEADY = 0.15;

    /** A queue that grows moves by a little each second, too. */
    private static final double MOST_DRIFT = 0.25;

    /** @param full all threads are busy and more tasks wait */
    private record Inside(int tasks, boolean full) {}

    private final PoolWindow pool;
    private final List<Inside> seconds = new ArrayList<>();

    private ClosedLoop(PoolWindow pool) {
        this.pool = pool;
        List<Integer> busies = pool.busies();
        List<Integer> depths = pool.queueDepths();
        for (int i = 0; i < Math.min(busies.size(), depths.size()); i++) {
            if (busies.get(i) >= 0) {
                seconds.add(new Inside(
                        busies.get(i) + Math.max(0, depths.get(i)), busies.get(i) >= pool.size() && depths.get(i) > 0));
            }
        }
        dropStrangest();
    }

    /** 0 if arrivals seem not to depend on the replies. */
    static double customers(PoolWindow pool) {
        boolean byClock = Schedulers.is(pool) && !Schedulers.isOfMany(pool);
        return byClock || isFull(pool) ? 0 : new ClosedLoop(pool).customers();
    }

    /** The queue has a bound and reached it. */
    static boolean isFull(PoolWindow pool) {
        return pool.queueCapacity() > 0 && pool.queueDepthMax() >= pool.queueCapacity();
    }

    private double customers() {
        int steps = seconds.size() - 1;
        double mean = mean(seconds);
        if (steps < MIN_STEPS || mean < 2) {
            return 0;
        }
        double squares = 0;
        for (int i = 1; i <= steps; i++) {
            double step = seconds.get(i).tasks - seconds.get(i - 1).tasks;
            squares += step * step;
        }
        boolean full = seconds.stream().allMatch(Inside::full);
        double open = full ? pool.arrivalsPerSecond() : Math.min(pool.arrivalsPerSecond(), 2 * mean);
        boolean closed = squares / steps < STEADY * open && !(full && drift() > MOST_DRIFT * mean);
        return closed
                ? Math.round(Schedulers.isOfMany(pool) ? Math.min(mean, pool.busyMean() + Schedulers.due(pool)) : mean)
                : 0;
    }

    /** Of the second half from the first one, as it would be over the whole time. */
    private double drift() {
        int half = seconds.size() / 2;
        return 2 * Math.abs(mean(seconds.subList(half, seconds.size())) - mean(seconds.subList(0, half)));
    }

    private void dropStrangest() {
        double mean = mean(seconds);
        seconds.stream()
                .max((one, other) -> Double.compare(Math.abs(one.tasks - mean), Math.abs(other.tasks - mean)))
                .ifPresent(seconds::remove);
    }

    private static double mean(List<Inside> some) {
        return some.stream().mapToInt(Inside::tasks).average().orElse(0);
    }
}
