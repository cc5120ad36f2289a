// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import java.util.List;

/**
 * Finds pools with more threads than their load can use.
 *
 * <p>Needs load: a pool without at least 30 tasks in five seconds is unknown, not oversized. Then there are two ways to be too large: never more
 * than half of the threads were busy and the queueing model needs no more; or the work is CPU work and the threads outnumber what
 * the cores can run by two to one, however busy they are. Bursts count for as
 * long as they are remembered. Fewer than four threads to spare are not worth a word, nor fewer than sixteen in a pool whose size a library chose;
 * threads that end by themselves when they are idle are nobody's fault, nor is a pool for stealing work with a thread for each core.
 */
record PoolOversizedRule(int minSpare, double maxShare, int minSeconds, int minTasks, int warnFrom)
        implements Rule<PoolWindow> {
    static final PoolOversizedRule DEFAULT = new PoolOversizedRule(4, 0.5, 5, 30, 16);

    /** A quarter: a neighbour may take as much as the pool. */
    private static final double MIN_CORES_USED = 0.25;

    /** Of what other programs use: where they take the most, its threads wait for them and not for each other. */
    private static final double MIN_AGAINST_OTHERS = 0.5;

    /** Of the time in tasks: less is spent in waits. */
    private static final double MIN_WANTED = 0.5;

    @Override
    public Kind kind() {
        return Kind.POOL_OVERSIZED;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        boolean costs = trouble.ofThreads()
                && !PoolSettings.limits(pool)
                && !pool.ofVirtualThreads(); // these take next to no memory
        if (!costs || trouble.ofDefaultSize() || pool.size() < minSpare + 1) {
            return Verdict.CLEAR;
        }
        if (pool.seconds() < minSeconds || pool.completions() < minTasks) {
            return notYet(pool.name() + ": " + Words.count(pool.completions(), "task") + " in " + pool.seconds()
                    + " s is too little load to judge its " + Words.count(pool.size(), "thread"));
        }
        Advice advice = Advice.of(pool);
        if (advice.threads() == 0) {
            return notYet(pool.name() + ": " + advice.why());
        }
        boolean refuses = pool.rejections() > 0;
        // a pool that hardly uses the cores waits for them because of others
        boolean computes = advice.cpuBound() > 0
                && advice.cpuShareAlone() >= 0.5
                && advice.coresUsed(pool) >= MIN_CORES_USED * advice.cores()
                && advice.coresUsed(pool) >= MIN_AGAINST_OTHERS * all.session().otherCores(all.range())
                && wantsCores(trouble);
        boolean cpu = computes && pool.size() >= 2 * advice.cpuBound() && pool.busyMean() > advice.cpuBound();
        int size = cpu ? pool.size() : trouble.kept();
        int enough = cpu ? advice.cpuBound() : Math.max(advice.threads(), Math.max(trouble.everBusy(), together(pool)));
        boolean idle = enough <= size * maxShare && pool.queueDepthMax() <= size;
        int least = cpu || !trouble.ofHousekeeping() ? minSpare : warnFrom;
        if (refuses || (!cpu && !idle) || size - enough < least) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(new Finding.PoolOversized(
                trouble.details(text(trouble, advice, enough, cpu), new Impact(0, size - enough), List.of()),
                pool,
                enough,
                cpu || size - enough >= warnFrom ? Severity.WARNING : Severity.INFO));
    }

    /**
     * Whether its threads are on a core or runnable for half of the time that they are busy. The share of the timed tasks does not tell: threads that stand
     * in tasks which never end have none timed. True if the threads are not known.
     */
    private static boolean wantsCores(PoolTrouble trouble) {
        List<ThreadWindow> workers = trouble.workers();
        double wanted = workers.stream()
                .mapToDouble(worker ->
                        worker.cpuShare() + (Double.isNaN(worker.runQueueWaitShare()) ? 0 : worker.runQueueWaitShare()))
                .sum();
        return workers.isEmpty() || Double.isNaN(wanted) || wanted >= MIN_WANTED * trouble.pool.busyMean();
    }

    /** How many tasks come at once, as for a request that fans out: looks at the threads may miss them, the arrivals are counted. */
    private static int together(PoolWindow pool) {
        double variation = pool.arrivalVariation(); // of tasks that come n at a time it is n, and a little less
        return Double.isNaN(variation) ? 0 : (int) Math.min(pool.size(), Math.ceil(variation));
    }

    private static String busyAtOnce(PoolWindow pool, int threads) {
        String busy = Words.count(threads, "thread") + " were busy at once";
        return threads > pool.busyMax() ? " Earlier " + busy + "." : " " + busy + ", at most.";
    }

    private Text text(PoolTrouble trouble, Advice advice, int enough, boolean cpu) {
        PoolWindow pool = trouble.pool;
        String what = cpu
                ? "%s runs %d threads of CPU work on %s cores; %d would do."
                        .formatted(pool.name(), pool.size(), Words.number(advice.cores()), enough)
                : "%s has %d threads, never more than %d busy in %s; %d would do."
                        .formatted(
                                pool.name(),
                                pool.size(),
                                Math.max(1, pool.busyMax()), // it did work, be it between two looks
                                Words.time(pool.range().length()),
                                enough);
        String cost = cpu
                ? "The threads wait for a core, not for work: " + Words.count(pool.size() - enough, "thread")
                        + " add switches and memory, no throughput."
                : Words.count(pool.size() - enough, "thread")
                        + " are never used; each takes a stack of up to 1 MB and a place in the scheduler.";
        return new Text(
                what,
                enough > advice.threads() ? advice.why() + busyAtOnce(pool, enough) : advice.why(),
                cost,
                trouble.resize(enough) + trouble.atSubmitter() + ".",
                cpu
                        ? "The same throughput with fewer switches."
                        : "The same queue wait ("
                                + Words.millis(advice.at(Math.max(1, enough)).queueWaitMeanMs()) + " predicted, "
                                + Words.time(pool.queueTimeMean()) + " measured).",
                trouble.certainty(advice),
                "At most half of the threads ever busy, or CPU work on twice as many threads as the cores can run, and at least "
                        + minSpare + " to spare; here busy " + pool.busyMax() + " of " + pool.size() + ".");
    }
}
