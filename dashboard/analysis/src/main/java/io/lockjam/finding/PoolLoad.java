// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.sizing.Load;
import io.lockjam.sizing.Prediction;
import io.lockjam.sizing.Sizing;
import io.lockjam.window.PoolWindow;

/** Reads the {@link Load} of a pool off its window, and says how far it can be trusted. */
final class PoolLoad {
    /** Hand-over, and waits for a core within tasks, follow from each other; a third round moves them by less than they are known. */
    private static final int ROUNDS = 3;

    /** Of fewer tasks that find a thread idle the rest of the measured wait says nothing. */
    private static final double OFTEN_IDLE = 0.1;

    private static final int MIN_TASKS = 30;
    private static final int MIN_TIMED = 5;
    private static final int MIN_SECONDS = 5;

    /** How often a pool's busy threads are counted. */
    private static final int LOOKS_PER_SECOND = 5;

    /** Index of dispersion from which a mean over the window says little of any moment in it. */
    private static final double BURSTS = 20;

    /** Arrivals of the halves of the window differ by more than 30 %, and by more than chance makes them. */
    private static final double DRIFT = 0.15;

    private static final double CHANCE = 3; // standard deviations

    private static final double SELDOM_IDLE = 0.05;

    /** So many refusals for a task that is taken are one submitter that does not wait between its tries. */
    private static final int TRIES_AGAIN = 20;

    private final PoolWindow pool;

    PoolLoad(PoolWindow pool) {
        this.pool = pool;
    }

    /** What keeps a size from being recommended; empty if nothing does. */
    String missing() {
        if (pool.carries()) {
            return "the JDK sizes it by the cores, unless jdk.virtualThreadScheduler.parallelism is set";
        }
        if (pool.perTask()) {
            return "each task has a thread of its own; what limits how many run at once is a Semaphore";
        }
        if (!pool.seesTasks()) {
            return "only its threads are seen, not its tasks";
        }
        if (Schedulers.hasOneTask(pool)) {
            return "its one periodic task never runs twice at once: more threads are of no use to it";
        }
        if (pool.completions() < MIN_TASKS) {
            return "only " + Words.count(pool.completions(), "task") + " ended in " + pool.seconds() + " s; at least "
                    + MIN_TASKS + " are needed to judge the size";
        }
        boolean untimed = pool.timed() < MIN_TIMED && pool.busyMean() <= 0;
        return untimed || serviceSeconds() <= 0 || pool.arrivals() <= 0 ? "no service time was measured" : "";
    }

    /** Call only if nothing is {@link #missing}. */
    Sizing sizing() {
        Sizing sizing = Sizing.of(load(0, pool.coreWaitRatio()));
        // where each thread has a queue of its own a task waits in one while another thread is idle
        boolean handsOver = !lends() && !Schedulers.isOfMany(pool);
        for (int i = 0; i < ROUNDS && handsOver; i++) {
            Prediction now = sizing.at(threads());
            double handOver = handOver(now, sizing.load().dispatchSeconds());
            double beforeTasks = handOver * (1 - now.allBusy()) / (pool.cpuShare() * serviceSeconds());
            sizing = Sizing.of(load(handOver, Math.max(0, pool.coreWaitRatio() - beforeTasks)));
        }
        return sizing;
    }

    /**
     * Seconds until an idle thread runs the task that it was given. If it has to wait for a core first, the mean is far above the median: it is what
     * the measured wait is beyond the model's, and at most what the threads waited for cores.
     *
     * @param counted seconds of it that are in the prediction
     */
    private double handOver(Prediction now, double counted) {
        double idle = 1 - now.allBusy(); // tasks that find a thread idle, as a share
        if (idle < SELDOM_IDLE) {
            return 0; // all queue times are those of tasks that found none
        }
        double median = pool.queueTimes().quantile(Math.max(0.01, idle / 2)) / 1e9;
        double forCore = pool.coreWaitRatio() * pool.cpuShare() * serviceSeconds();
        if (idle < OFTEN_IDLE || Double.isNaN(forCore)) {
            return median;
        }
        double queued = now.queueSeconds() - idle * counted;
        double beyond = pool.queueTimeMean().toNanos() / 1e9 - queued;
        return Math.max(median, Math.min(beyond, forCore) / idle);
    }

    /** @param coreWaitRatio of what the threads waited for cores within their tasks */
    private Load load(double dispatchSeconds, double coreWaitRatio) {
        return new Load(
                arrivalsPerSecond(),
                serviceSeconds(),
                pool.cpuShare(),
                coreWaitRatio,
                pool.arrivalVariation(),
                pool.serviceVariation(),
                pool.cores(),
                threads(),
                dispatchSeconds,
                customers());
    }

    private double arrivalsPerSecond() {
        // what is handed in while a queue is full, or by those who wait, is what gets done
        return customers() > 0 ? pool.completionsPerSecond() : offeredPerSecond();
    }

    /** What was asked of the pool: refused tasks would have been work, too, unless somebody only tries again and again. */
    double offeredPerSecond() {
        boolean asksAgain = lends() || pool.rejections() > TRIES_AGAIN * pool.arrivals();
        return pool.arrivalsPerSecond() + (asksAgain ? 0 : (double) pool.rejections() / pool.observedSeconds());
    }

    int threads() {
        return Math.max(1, lends() ? SlotTrouble.most(pool) : pool.size());
    }

    private boolean lends() {
        return SlotTrouble.lends(pool);
    }

    /**
     * The mean of the timed tasks, or, where that rests on less, what Little's law makes of the busy threads. Tasks that were
     * in the queue before we came are not timed: behind a long queue hardly any is.
     */
    double serviceSeconds() {
        if (timedSay()) {
            return Math.min(pool.serviceMean().toNanos() / 1e9, longestService());
        }
        return pool.completions() == 0 ? 0 : pool.busyMean() * pool.observedSeconds() / pool.completions();
    }

    /** Its threads have no more time than that for each task that ended, those that had begun before included: timed tasks may be the long ones. */
    private double longestService() {
        long begun = pool.completions() - pool.size();
        int most = pool.sizes().stream().mapToInt(size -> size).max().orElse(0);
        boolean known = !lends() && begun > pool.size() && most >= pool.size();
        return known ? most * pool.observedSeconds() / begun : Double.MAX_VALUE;
    }

    /** The timed tasks are enough, or more than the threads that were seen busy; the exact busy time is better than either. */
    boolean timedSay() {
        if (pool.busyExact() && pool.completions() >= MIN_TASKS) {
            return false;
        }
        double seen = pool.busyMean() * pool.seconds() * LOOKS_PER_SECOND;
        return pool.timed() >= MIN_TASKS || (pool.timed() >= MIN_TIMED && !(seen > pool.timed()));
    }

    /** How many submitters wait for their replies; 0 if arrivals seem not to depend on them. */
    double customers() {
        return ClosedLoop.customers(pool);
    }

    /** Why the result deserves little confidence; empty if it does not. */
    String doubt() {
        if (pool.seconds() < MIN_SECONDS) {
            return "seen for " + pool.seconds() + " s only";
        }
        if (pool.timed() < MIN_TASKS && !PoolSettings.limits(pool)) {
            return "only " + Words.count(pool.timed(), "task") + " timed";
        }
        if (Schedulers.is(pool) && !Schedulers.isOfMany(pool)) {
            return "of a scheduler only the tasks that ran are counted, not those that should have";
        }
        if (Schedulers.takesTurns(pool)) {
            return "each of its threads has a queue of its own and gets its turn, so tasks wait longer than predicted";
        }
        if (customers() > 0) {
            return "%s submitters seem to wait for their replies, so what arrives depends on the pool"
                    .formatted(Words.number(customers()));
        }
        if (pool.rejections() > 0 || ClosedLoop.isFull(pool)) {
            return "its queue was full, so more or less may want to come than was counted";
        }
        double variation = Double.isNaN(pool.arrivalVariation()) ? 1 : pool.arrivalVariation();
        double chance = CHANCE * Math.sqrt(variation / pool.arrivals()) / 2;
        boolean drifts = Math.abs(pool.lateArrivals() - 0.5) > Math.max(DRIFT, chance);
        if (drifts) {
            return "arrivals became " + (pool.lateArrivals() > 0.5 ? "more" : "fewer") + " meanwhile";
        }
        return pool.arrivalVariation() > BURSTS ? "arrivals come in bursts" : "";
    }
}
