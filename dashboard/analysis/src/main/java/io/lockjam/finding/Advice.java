// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * What size a pool should have, with its arithmetic.
 *
 * <p>Busy threads by Little's law (1961), mean queue wait for N threads by Erlang C (M/M/c) times the Allen–Cunneen correction (Ca² + Cs²) ÷ 2
 * for arrivals and service times that vary otherwise (Allen, 1990, section 5.4.2), capped by what the cores can run. The recommended number is the
 * fewest threads that keep utilisation at or below 0.85 and the mean queue wait below a tenth of the service time, but never more than
 * the cores can use.
 *
 * @param pool measured
 * @param cores the cores or the quota, whichever is less; 0 if not known
 * @param offered busy threads the load needs: arrivals × service time
 * @param threads recommended; 0 if nothing can be recommended, {@code why} then says what is missing
 * @param cpuBound most threads that the cores can keep running; 0 if the CPU share is not known
 * @param goetz cores × (1 + wait ÷ compute), for orientation (Goetz et al., 2006, section 8.2); 0 if not known
 * @param closedLoop the submitters wait for their replies, so arrivals depend on the pool
 * @param confident false with the reason in {@code doubt}
 * @param curve predicted mean queue wait by number of threads
 */
public record Advice(
        PoolWindow pool,
        double cores,
        double offered,
        int threads,
        String why,
        int cpuBound,
        int goetz,
        boolean closedLoop,
        boolean confident,
        String doubt,
        List<Point> curve) {
    private static final double MAX_UTILISATION = 0.85;
    private static final double MAX_WAIT_SHARE = 0.1;
    private static final int MIN_TASKS = 30;
    private static final int MIN_TIMED = 5;
    private static final int MIN_SECONDS = 5;
    private static final int MOST_THREADS = 4_096;

    /**
     * A what-if.
     *
     * @param queueWaitMeanMs infinite if that many threads cannot keep up
     * @param utilisation busy share of the threads, 0 to 1
     */
    public record Point(int threads, double queueWaitMeanMs, double utilisation) {}

    /** Never throws: what cannot be told is said in {@link #why()}. */
    public static Advice of(PoolWindow pool, double cores) {
        double service = serviceSeconds(pool);
        boolean closed = closedLoop(pool);
        // in a closed loop, and while a queue grows, arrivals are what the pool lets through or what it fails to keep
        // up with
        double rate = Math.max(pool.arrivalsPerSecond(), closed ? pool.completionsPerSecond() : 0);
        double offered = rate * service;
        int cpuBound = cpuBound(pool, cores);
        int goetz = goetz(pool, cores);
        String missing = missing(pool, service);
        if (!missing.isEmpty() || !Double.isFinite(offered)) {
            return new Advice(pool, cores, offered, 0, missing, cpuBound, goetz, closed, false, missing, List.of());
        }
        int threads = recommend(pool, offered, service, cpuBound);
        String why = why(pool, rate, service, offered, threads, cpuBound, cores);
        String doubt = doubt(pool, closed);
        Advice bare = new Advice(
                pool, cores, offered, threads, why, cpuBound, goetz, closed, doubt.isEmpty(), doubt, List.of());
        int most = Math.min(MOST_THREADS, Math.max(8, Math.max(pool.size(), 2 * threads)));
        List<Point> curve = new ArrayList<>();
        for (int n = 1; n <= most; n += Math.max(1, most / 64)) {
            curve.add(bare.at(n));
        }
        return new Advice(
                pool,
                cores,
                offered,
                threads,
                why,
                cpuBound,
                goetz,
                closed,
                doubt.isEmpty(),
                doubt,
                List.copyOf(curve));
    }

    /** What the model predicts for this many threads. */
    public Point at(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + n);
        }
        return point(pool, offered, serviceSeconds(pool), cpuBound, n);
    }

    private static Point point(PoolWindow pool, double offered, double service, int cpuBound, int n) {
        // more threads than the cores can run only share the cores: service gets longer, capacity does not grow
        int effective = cpuBound > 0 ? Math.min(n, cpuBound) : n;
        double utilisation = offered / effective;
        if (utilisation >= 1) {
            return new Point(n, Double.POSITIVE_INFINITY, 1);
        }
        double variation = (orOne(pool.arrivalVariation()) + orOne(pool.serviceVariation())) / 2;
        double wait = erlangC(effective, offered) * service / (effective * (1 - utilisation)) * variation;
        return new Point(n, wait * 1e3, offered / n);
    }

    /** Probability that a task must wait: Erlang's second formula, by the stable recursion of his first. */
    static double erlangC(int servers, double offered) {
        double blocking = 1;
        for (int k = 1; k <= servers; k++) {
            blocking = offered * blocking / (k + offered * blocking);
        }
        double utilisation = offered / servers;
        return utilisation >= 1 ? 1 : blocking / (1 - utilisation * (1 - blocking));
    }

    private static int recommend(PoolWindow pool, double offered, double service, int cpuBound) {
        int least = Math.max(1, (int) Math.ceil(offered / MAX_UTILISATION));
        int n = Math.min(least, MOST_THREADS);
        while (n < MOST_THREADS && (cpuBound == 0 || n < cpuBound)) {
            Point point = point(pool, offered, service, 0, n);
            if (point.queueWaitMeanMs() <= service * 1e3 * MAX_WAIT_SHARE) {
                break;
            }
            n++;
        }
        return cpuBound > 0 ? Math.max(1, Math.min(n, cpuBound)) : n;
    }

    private static String missing(PoolWindow pool, double service) {
        if (pool.completions() < MIN_TASKS) {
            return "only " + Words.count(pool.completions(), "task") + " ended in " + pool.seconds() + " s; at least "
                    + MIN_TASKS + " are needed to judge the size";
        }
        return (pool.timed() < MIN_TIMED && pool.busyMean() <= 0) || service <= 0 ? "no service time was measured" : "";
    }

    /** The mean of the timed tasks, or busy time ÷ tasks, which is exact but coarse. */
    private static double serviceSeconds(PoolWindow pool) {
        if (pool.timed() >= MIN_TIMED) {
            return pool.serviceMean().toNanos() / 1e9;
        }
        return pool.completions() == 0 ? 0 : pool.busyMean() * pool.seconds() / pool.completions();
    }

    private static int cpuBound(PoolWindow pool, double cores) {
        boolean known = cores > 0 && !Double.isNaN(pool.cpuShare()) && pool.cpuShare() > 0.01;
        return known ? Math.max(1, (int) Math.ceil(cores / pool.cpuShare())) : 0;
    }

    private static int goetz(PoolWindow pool, double cores) {
        boolean known = cores > 0 && !Double.isNaN(pool.cpuShare()) && pool.cpuShare() > 0.01;
        return known ? (int) Math.max(1, Math.round(cores * (1 + (1 - pool.cpuShare()) / pool.cpuShare()))) : 0;
    }

    /** Queue and busy threads stay near one number, below the pool's size times two, as with N clients that each wait for a reply. */
    private static boolean closedLoop(PoolWindow pool) {
        double inSystem = pool.busyMean() + pool.queueDepthMean();
        boolean steady =
                pool.queueDepthMax() <= pool.queueDepthMean() * 1.5 + 2 && Math.abs(pool.growthPerSecond()) < 0.5;
        return pool.queueDepthMean() >= 1 && steady && inSystem > pool.size() && pool.busyMean() >= pool.size() * 0.9;
    }

    private static String doubt(PoolWindow pool, boolean closed) {
        if (pool.seconds() < MIN_SECONDS) {
            return "seen for " + pool.seconds() + " s only";
        }
        if (pool.timed() < MIN_TASKS) {
            return "only " + Words.count(pool.timed(), "task") + " timed";
        }
        if (closed) {
            return "the submitters seem to wait for their replies, so more threads bring more arrivals";
        }
        return pool.arrivalVariation() > 20 ? "arrivals come in bursts" : "";
    }

    private static String why(
            PoolWindow pool, double rate, double service, double offered, int threads, int cpuBound, double cores) {
        String little = "%s tasks/s × %s = %s busy threads (Little's law)"
                .formatted(Words.number(rate), Words.millis(service * 1e3), Words.number(offered));
        String bound = cpuBound == 0
                ? (Double.isNaN(pool.cpuShare())
                        ? "; the CPU share of a task is not known"
                        : "; a task hardly uses a core")
                : "; a task is %s CPU, so %s cores keep at most %d running"
                        .formatted(Words.percent(pool.cpuShare()), Words.number(cores), cpuBound);
        return little + bound + "; " + Words.count(threads, "thread") + " keep utilisation at or below "
                + Words.percent(MAX_UTILISATION)
                + " and the mean queue wait below a tenth of the service time, as far as the cores allow.";
    }

    private static double orOne(double variation) {
        return Double.isNaN(variation) ? 1 : variation;
    }
}
