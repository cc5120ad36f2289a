// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

/**
 * How many threads a measured load needs, and what any other number would do.
 *
 * <p>Threads finish tasks at the rate of {@link Throughput}; tasks arrive at random, so that the number of tasks in the pool is a birth and death
 * chain (the flow-equivalent server of Chandy, Herzog and Woo, 1975). Where tasks need no core it is M/M/c, and the wait is Erlang's
 * C formula (1917). Arrivals that vary more than a Poisson stream come in bursts of a geometric number, which the chain takes exactly; the
 * correction (Ca² + Cs²) ÷ 2 of Allen and Cunneen (Allen, 1990, section 5.4.2) alone is too low by several times where many threads are rarely all
 * busy. It is applied to the rest: steadier arrivals, and service times that are not exponential. What a task waits for besides a core is told from the measured service time, which includes waits for a core.
 *
 * <p>N submitters that wait for their replies cannot queue more than N tasks: then the chain is cut off at N and arrivals are as many as are
 * finished.
 */
public final class Sizing {
    /** The load may be measured 15 % too low, or grow by as much, before the threads no longer keep up. */
    public static final double HEADROOM = 1.15;

    /** The mean wait that is worth another thread, in service times: a task is done in twice its time. */
    public static final double LONGEST_WAIT = 1;

    /** The cores, or the submitters of a closed loop, are used well enough; the last twentieth takes half of the threads. */
    public static final double GOOD_SHARE = 0.95;

    /** Threads for shorter waits, on top of those that keep up. */
    private static final double MOST_FOR_WAITS = 1.3;

    /** Of fewer than this 1.3 times as many is no more: one thread is added. */
    private static final int FEW = 4;

    private static final double LARGE = 1e200;
    static final int MOST_THREADS = 4_096;
    private static final int BISECTIONS = 30;

    /** Waits for a core are read each second for whole threads and set against sampled tasks: 10 % is what that is worth. */
    private static final double CLOCK_ERROR = 0.1;

    /** A CPU share below this is not told from none: a clock reading costs 0.7 µs. */
    private static final double LEAST_SHARE = 0.01;

    /** Others leave at least this much more than the tasks use: they do keep up. */
    private static final double ROOM = 1.02;

    private final Load load;

    /** With all cores: what others use today is no reason for more threads. */
    private final Throughput throughput;

    /** With the cores that others leave. */
    private final Throughput crowded;

    private Sizing(Load load, Throughput throughput, Throughput crowded) {
        this.load = load;
        this.throughput = throughput;
        this.crowded = crowded;
    }

    private Sizing(Load load, Throughput throughput) {
        this(load, throughput, throughput);
    }

    public static Sizing of(Load load) {
        double computing = load.cpuShare() >= LEAST_SHARE ? load.cpuSeconds() : 0;
        double waiting = load.serviceSeconds() - computing;
        if (computing <= 0 || load.cores() <= 0) {
            return new Sizing(load, new Throughput(computing, waiting, load.cores()));
        }
        if (Double.isNaN(load.coreWaitRatio())) {
            return new Sizing(load, new Throughput(computing, inferred(load, computing, waiting), load.cores()));
        }
        double forCore = computing * load.coreWaitRatio();
        waiting = Math.max(0, waiting - forCore * (1 + CLOCK_ERROR));
        Throughput alone = new Throughput(computing, waiting, load.cores());
        double left = coresLeft(load, computing, waiting, forCore);
        return new Sizing(load, alone, left < load.cores() ? new Throughput(computing, waiting, left) : alone);
    }

    /** The cores with which the model has tasks wait for a core for as long as they do: all of them if nobody else wants any. */
    private static double coresLeft(Load load, double computing, double waiting, double forCore) {
        double low = load.arrivalsPerSecond() * computing * ROOM;
        double high = load.cores();
        if (low >= high || waitForCore(load, computing, waiting, high) >= forCore) {
            return high;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (waitForCore(load, computing, waiting, middle) > forCore) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Seconds for each task, as the model has it for the threads there are. */
    private static double waitForCore(Load load, double computing, double waiting, double cores) {
        Sizing tried = new Sizing(load, new Throughput(computing, waiting, cores));
        return tried.at(load.threads()).serviceSeconds() - computing - waiting;
    }

    /** Without clocks of the waits for a core: the wait for anything else with which the model gives the measured service time. */
    private static double inferred(Load load, double computing, double most) {
        double low = 0;
        double high = most;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            Sizing tried = new Sizing(load, new Throughput(computing, middle, load.cores()));
            if (tried.at(load.threads()).serviceSeconds() < load.serviceSeconds()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    public Load load() {
        return load;
    }

    /** The same tasks, arriving as told by another load. */
    public Sizing forLoad(Load other) {
        return new Sizing(other, throughput, crowded);
    }

    /** What the model predicts for this many threads. */
    public Prediction at(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
        }
        return load.closed() ? closed(threads) : open(threads);
    }

    /** The fewest threads that keep up with room to spare and let tasks wait no longer than they run. */
    public int recommended() {
        double wanted = Math.min(GOOD_SHARE * throughput.limit(), wanted());
        int enough = fewest(wanted);
        if (load.closed()) {
            return enough;
        }
        double done = GOOD_SHARE * Math.min(load.arrivalsPerSecond(), throughput.limit());
        int most = Math.max(enough < FEW ? enough + 1 : enough, (int) (MOST_FOR_WAITS * fewest(done)));
        int threads = enough;
        while (threads < most && gains(threads) && at(threads).queueSeconds() > LONGEST_WAIT * load.serviceSeconds()) {
            threads++;
        }
        return threads;
    }

    private double wanted() {
        int customers = (int) Math.min(MOST_THREADS, Math.max(1, Math.round(load.customers())));
        return load.closed() ? GOOD_SHARE * throughput.at(customers) : HEADROOM * load.arrivalsPerSecond();
    }

    /** Whether one thread more gets more done. */
    private boolean gains(int threads) {
        return throughput.at(threads) < GOOD_SHARE * throughput.limit();
    }

    private int fewest(double tasksPerSecond) {
        int low = 1;
        int high = MOST_THREADS;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (throughput.at(middle) >= tasksPerSecond * (1 - 1e-9)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Most threads that the cores can keep running: cores ÷ CPU share; 0 if the share is not known or next to nothing. */
    public int cpuBound() {
        return knowsCpu()
                ? (int) Math.max(1, Math.ceil(load.cores() * uncrowdedSeconds() / load.cpuSeconds() - 1e-9))
                : 0;
    }

    /** Cores × (1 + wait ÷ compute), for orientation (Goetz et al., 2006, section 8.2); 0 if the CPU share is not known. */
    public int goetz() {
        return knowsCpu() ? (int) Math.max(1, Math.round(load.cores() * uncrowdedSeconds() / load.cpuSeconds())) : 0;
    }

    /** Cores that other threads and programs left for these tasks, from the waits for a core; 0 if not known. */
    public double coresLeft() {
        return crowded.cores();
    }

    private boolean knowsCpu() {
        return load.cores() > 0 && load.cpuShare() >= LEAST_SHARE;
    }

    /** The service time of a task that need not wait for a core. */
    public double uncrowdedSeconds() {
        return 1 / throughput.at(1);
    }

    private Prediction open(int threads) {
        double arrivals = load.arrivalsPerSecond();
        double rate = crowded.at(threads);
        double fill = arrivals / rate;
        if (fill >= 1) {
            return new Prediction(threads, Double.POSITIVE_INFINITY, threads / rate, 1, rate, 1);
        }
        double burst = burst();
        double follows = 1 - 1 / burst; // probability that one more task comes with this one
        double weight = 1; // of k tasks in the pool
        double coming = 1; // weights of k tasks and fewer, each with the probability that its next burst goes beyond k
        double sum = 1;
        double busy = 0;
        for (int k = 1; k <= threads; k++) {
            weight = arrivals / burst * coming / crowded.at(k);
            coming = weight + follows * coming;
            sum += weight;
            busy += k * weight;
            if (coming > LARGE) {
                weight /= LARGE;
                coming /= LARGE;
                sum /= LARGE;
                busy /= LARGE;
            }
        }
        double next =
                arrivals / burst * coming / rate; // of one more task than threads; from there on a geometric series
        double ratio = follows + fill / burst;
        double beyond = next / (1 - ratio);
        sum += beyond;
        busy += threads * beyond;
        double queued = beyond / (1 - ratio) / sum;
        double allBusy = (weight + beyond) / sum;
        double waits = queued / arrivals * variation(burst) + (1 - allBusy) * load.dispatchSeconds();
        return new Prediction(threads, waits, busy / sum / arrivals, busy / sum / threads, arrivals, allBusy);
    }

    /** Tasks that come together, on average: bursts of a geometric number at random times have Ca² = 2 × mean − 1. */
    private double burst() {
        return Math.max(1, (orOne(load.arrivalVariation()) + 1) / 2);
    }

    /** Allen and Cunneen's factor, over what the chain has of it: its bursts, and exponential service times. */
    private double variation(double burst) {
        double alone = Math.min(1, uncrowdedSeconds() / load.serviceSeconds());
        // the rest of the time was spread by the crowd at the cores, which another number of threads need not have
        double own = alone * alone; // of squares
        double service = own * orOne(load.serviceVariation()) + (1 - own);
        return (orOne(load.arrivalVariation()) + service) / (2 * burst);
    }

    /** All submitters but those that think between two tasks are in the pool; more threads than submitters stay idle. */
    private Prediction closed(int threads) {
        double customers = load.customers();
        int busy = (int) Math.max(1, Math.min(threads, Math.round(customers)));
        double rate = crowded.at(busy);
        double waits = Math.max(0, customers - busy) / rate;
        return new Prediction(threads, waits, busy / rate, (double) busy / threads, rate, busy == threads ? 1 : 0);
    }

    private static double orOne(double variation) {
        return Double.isNaN(variation) ? 1 : variation;
    }
}
