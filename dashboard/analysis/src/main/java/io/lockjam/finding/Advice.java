// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.sizing.Load;
import io.lockjam.sizing.Prediction;
import io.lockjam.sizing.Sizing;
import io.lockjam.window.PoolWindow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What size a pool should have, in words, with the arithmetic of {@link Sizing} and where each number comes from.
 *
 * @param pool measured
 * @param offered busy threads the load needs: arrivals × service time
 * @param threads recommended; 0 if nothing can be recommended, {@code why} then says what is missing
 * @param cpuBound most threads that the cores can keep running; 0 if the CPU share is not known
 * @param goetz cores × (1 + wait ÷ compute), for orientation (Goetz et al., 2006, section 8.2); 0 if not known
 * @param closedLoop the submitters wait for their replies, so arrivals depend on the pool
 * @param confident false with the reason in {@code doubt}
 * @param curve predicted mean queue wait by number of threads
 * @param figures what went into it
 * @param check whether the prediction held when the size changed while we watched; null if it did not change
 */
public record Advice(
        PoolWindow pool,
        double offered,
        int threads,
        String why,
        int cpuBound,
        int goetz,
        boolean closedLoop,
        boolean confident,
        String doubt,
        List<Point> curve,
        List<Figure> figures,
        @Nullable SizeCheck check,
        @Nullable Sizing sizing) {
    private static final int CURVE_POINTS = 64;
    private static final int LONGEST_CURVE = 4_096;

    /** A bound this many times more than the threads there are or should be is none. */
    private static final int FAR = 4;

    /**
     * A what-if.
     *
     * @param queueWaitMeanMs infinite if that many threads cannot keep up
     * @param serviceMeanMs longer than measured if that many threads share the cores
     * @param utilisation busy share of the threads, 0 to 1
     * @param tasksPerSecond finished
     */
    public record Point(
            int threads, double queueWaitMeanMs, double serviceMeanMs, double utilisation, double tasksPerSecond) {}

    /** A number with its unit, and how it came about. */
    public record Figure(String name, String value, String source) {}

    /** Never throws: what cannot be told is said in {@link #why()}. */
    public static Advice of(PoolWindow pool) {
        PoolLoad measured = new PoolLoad(pool);
        String missing = measured.missing();
        SizeCheck check = SizeCheck.of(pool);
        if (!missing.isEmpty()) {
            return new Advice(
                    pool, Double.NaN, 0, missing, 0, 0, false, false, missing, List.of(), List.of(), check, null);
        }
        Sizing sizing = measured.sizing();
        int threads = sizing.recommended();
        String doubt = measured.doubt();
        return new Advice(
                pool,
                sizing.load().offered(),
                threads,
                why(pool, sizing, threads),
                sizing.cpuBound(),
                sizing.goetz(),
                sizing.load().closed(),
                doubt.isEmpty(),
                doubt,
                curve(sizing, Math.max(8, Math.max(measured.threads(), 2 * threads))),
                figures(pool, sizing),
                check,
                sizing);
    }

    /**
     * What the model predicts for this many threads; nothing is known of it, NaN, if there is nothing to go by.
     *
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public Point at(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + n);
        }
        return sizing == null ? new Point(n, Double.NaN, Double.NaN, Double.NaN, Double.NaN) : point(sizing.at(n));
    }

    /** The arithmetic of {@link #why()}, for another number of threads than the recommended. */
    String why(int n) {
        return sizing == null ? why : why(pool, sizing, n);
    }

    /** Cores of the machine or quota of the cgroup, whichever is less; 0 if not known. */
    public double cores() {
        return pool.cores();
    }

    /** Share of a core that a task uses when it need not wait for one; 0 if not known. */
    double cpuShareAlone() {
        return sizing == null ? 0 : sizing.load().cpuSeconds() / sizing.uncrowdedSeconds();
    }

    /** Cores that the tasks of the pool keep busy; 0 if not known. */
    double coresUsed(PoolWindow pool) {
        return sizing == null ? 0 : sizing.load().cpuSeconds() * pool.completionsPerSecond();
    }

    private static Point point(Prediction predicted) {
        return new Point(
                predicted.threads(),
                predicted.queueSeconds() * 1e3,
                predicted.serviceSeconds() * 1e3,
                predicted.utilisation(),
                predicted.tasksPerSecond());
    }

    private static List<Point> curve(Sizing sizing, int threads) {
        int most = Math.min(LONGEST_CURVE, threads);
        List<Point> curve = new ArrayList<>();
        for (int n = 1; n <= most; n += Math.max(1, most / CURVE_POINTS)) {
            curve.add(point(sizing.at(n)));
        }
        return List.copyOf(curve);
    }

    private static String why(PoolWindow pool, Sizing sizing, int threads) {
        Load load = sizing.load();
        String offered = Words.number(load.offered());
        String little = "%s %ss/s × %s = %s busy %s%s (Little's law)"
                .formatted(
                        Words.number(load.arrivalsPerSecond()),
                        SlotTrouble.work(pool),
                        Words.millis(load.serviceSeconds() * 1e3),
                        offered,
                        SlotTrouble.noun(pool),
                        offered.equals("1") ? "" : "s");
        Prediction predicted = sizing.at(threads);
        String enough = load.closed()
                ? "%s submitters that wait for their replies get %s of the most they could from %s"
                        .formatted(
                                Words.number(load.customers()),
                                Words.percent(Sizing.GOOD_SHARE),
                                Words.count(threads, SlotTrouble.noun(pool)))
                : "%s %s (queue wait %s predicted)"
                        .formatted(
                                Words.count(threads, SlotTrouble.noun(pool)),
                                predicted.keepsUp()
                                        ? threads == 1 ? "keeps up with room to spare" : "keep up with room to spare"
                                        : "use the cores as well as any number can, though more arrives than they can do",
                                predicted.keepsUp() ? Words.millis(predicted.queueSeconds() * 1e3) : "without end");
        return little + "; " + cpu(pool, sizing, threads) + enough + ".";
    }

    private static String cpu(PoolWindow pool, Sizing sizing, int threads) {
        if (SlotTrouble.lends(pool)) {
            return "";
        }
        if (Double.isNaN(pool.cpuShare())) {
            return "the CPU share of a task is not known; ";
        }
        if (sizing.cpuBound() == 0) {
            return "a task hardly uses a core; ";
        }
        if (sizing.cpuBound() > FAR * Math.max(threads, pool.size())) {
            return "alone, a task needs a core for %s of %s, so the cores set no limit here; "
                    .formatted(
                            Words.millis(sizing.load().cpuSeconds() * 1e3),
                            Words.millis(sizing.uncrowdedSeconds() * 1e3));
        }
        return "alone, a task needs a core for %s of %s, so %s cores keep at most %d running; "
                .formatted(
                        Words.millis(sizing.load().cpuSeconds() * 1e3),
                        Words.millis(sizing.uncrowdedSeconds() * 1e3),
                        Words.number(sizing.load().cores()),
                        sizing.cpuBound());
    }

    private static List<Figure> figures(PoolWindow pool, Sizing sizing) {
        List<Figure> figures = new ArrayList<>(ofTasks(pool, sizing.load()));
        figures.addAll(ofCores(pool, sizing));
        return List.copyOf(figures);
    }

    private static List<Figure> ofTasks(PoolWindow pool, Load load) {
        String timed = "mean of " + Words.count(pool.timed(), "timed " + SlotTrouble.work(pool));
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                "arrival rate λ",
                Words.number(load.arrivalsPerSecond()) + "/s",
                (load.closed() ? "finished" : "handed in") + ", counted exactly over " + pool.seconds() + " s"));
        figures.add(new Figure(
                "service time S",
                Words.millis(load.serviceSeconds() * 1e3),
                new PoolLoad(pool).timedSay()
                        ? timed
                        : "%ss busy ÷ %ss finished%s"
                                .formatted(
                                        SlotTrouble.noun(pool),
                                        SlotTrouble.work(pool),
                                        pool.busyExact() ? "" : ", as too few were timed")));
        figures.add(
                new Figure("variation of S, Cs²", Words.number(load.serviceVariation()), "variance ÷ mean², " + timed));
        figures.add(new Figure(
                "variation of arrivals, Ca²",
                Words.number(load.arrivalVariation()),
                "variance ÷ mean of the arrivals between looks, five a second; 1 for a Poisson stream"));
        return figures;
    }

    private static List<Figure> ofCores(PoolWindow pool, Sizing sizing) {
        Load load = sizing.load();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                "CPU share",
                Double.isNaN(load.cpuShare()) ? "unknown" : Words.percent(load.cpuShare()),
                "CPU clock of one timed task in four ÷ its service time"));
        figures.add(new Figure(
                "wait for a core",
                Double.isNaN(load.coreWaitRatio())
                        ? "unknown"
                        : Words.number(load.coreWaitRatio()) + " × the time on one",
                "run-queue clock of its threads, kept by the operating system, without the hand-over"));
        figures.add(new Figure(
                "cores",
                load.cores() > 0 ? Words.number(load.cores()) : "unknown",
                "cores of the machine or quota of the cgroup, whichever is less"));
        figures.add(new Figure(
                "cores left by others",
                sizing.coresLeft() > 0 ? Words.number(sizing.coresLeft()) : "unknown",
                "with as many the model has tasks wait for a core as long as they do"));
        figures.add(new Figure(
                "threads busy",
                Words.number(pool.busyMean()),
                (pool.busyExact()
                                ? "time its threads did not wait for work, counted exactly"
                                : "mean of five looks a second")
                        + "; λ × S = " + Words.number(load.offered())));
        figures.add(new Figure(
                "hand-over",
                Words.millis(load.dispatchSeconds() * 1e3),
                "queue time of tasks that found a thread idle"));
        return figures;
    }
}
