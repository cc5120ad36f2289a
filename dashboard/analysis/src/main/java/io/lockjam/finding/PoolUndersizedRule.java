// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds pools whose tasks queue while more threads would help.
 *
 * <p>All threads are busy (85 % and more, where queues begin to grow without bound), tasks wait at least half as long as they run and at least
 * 5 ms, the model of {@link Advice} wants more threads,
 * and the cores can run a quarter more than there are.
 */
record PoolUndersizedRule(double minUtilisation, double minWaitShare, Duration minWait, double minGain)
        implements Rule<PoolWindow> {
    static final PoolUndersizedRule DEFAULT = new PoolUndersizedRule(0.85, 0.5, Duration.ofMillis(5), 1.25);
    private static final int MIN_SECONDS = 3;
    /** Tasks on average. */
    private static final double MIN_DUE = 0.5;

    private static final double SATURATED = 0.97;

    /** So many times as many tasks as threads. */
    private static final int LONG_QUEUE = 3;

    /** Half of the time in tasks: what the threads stand in line for is told, and is what to change. */
    private static final double MOST_IN_LINE = 0.5;

    /** Starts of a scheduler's tasks; they need no model to be late. */
    private static final int MIN_LATE = 5;

    @Override
    public Kind kind() {
        return Kind.POOL_UNDERSIZED;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        boolean busy = pool.size() > 0 && (pool.utilisation() >= minUtilisation || startsLate(pool));
        // the task to blame is told as what holds up a loop, if that is no virtual thread
        boolean lateByOne =
                Schedulers.holdsUp(pool, minWait) && !trouble.workers().isEmpty();
        boolean told = lateByOne || tellsLoops(pool) || OverrunRule.waitsForItself(pool);
        if (!trouble.ofThreads() || !busy || told || noneWaits(trouble)) {
            return Verdict.CLEAR;
        }
        Advice advice = Advice.of(pool);
        String missing = missing(pool, advice);
        if (!missing.isEmpty()) {
            return notYet(pool.name() + ": " + missing);
        }
        Duration queued = queued(pool);
        Duration service = service(pool);
        boolean waits = queued.compareTo(minWait) >= 0 && queued.toNanos() >= minWaitShare * service.toNanos();
        int bound = advice.cpuBound() == 0 ? Integer.MAX_VALUE : advice.cpuBound();
        boolean room = bound >= Math.ceil(pool.size() * minGain);
        double callers = ranByCallers(trouble);
        int needed = advice.threads() + endless(pool, advice) + (int) Math.ceil(callers);
        boolean wanted = (needed > pool.size() || advice.threads() == 0) && trouble.inLine() < MOST_IN_LINE;
        if (!waits || !room || !wanted) {
            return Verdict.CLEAR;
        }
        // arrivals may be held back by the pool itself, so at least a quarter more is tried
        int more = Math.max(together(pool, advice, needed), (int) Math.ceil(pool.size() * minGain));
        int enough = Math.min(bound, Math.max(needed, more));
        double lost = Schedulers.is(pool) ? Schedulers.due(pool) : pool.queueDepthMean();
        Optional<TaskWaits> tasks = TaskWaits.of(trouble);
        return new Verdict.Found(new Finding.PoolUndersized(
                trouble.details(
                        text(trouble, advice, enough, tasks),
                        new Impact(lost, pool.size()),
                        tasks.stream().map(TaskWaits::at).toList()),
                pool,
                enough));
    }

    /** Of a scheduler with several threads it is known how late tasks start: a few long ones keep all threads at times and leave them idle at others. */
    private static boolean startsLate(PoolWindow pool) {
        return Schedulers.is(pool)
                && pool.size() > 1
                && pool.utilisation() >= MOST_IN_LINE
                && Schedulers.due(pool) >= 1;
    }

    /** Of a parallel stream, which makes few tasks for each worker and whose caller takes of them, too, fewer wait. */
    private static boolean noneWaits(PoolTrouble trouble) {
        PoolWindow pool = trouble.pool;
        if (Schedulers.is(pool)) {
            return Schedulers.due(pool) < MIN_DUE;
        }
        boolean few = pool.type().equals("fork-join") && pool.queueDepthMean() >= MIN_DUE;
        return pool.queueDepthMean() < 1 && !(few && TaskWaits.of(trouble).isPresent());
    }

    /**
     * As many as run or wait at a time: who hands tasks in to be run at once often waits for them, and then so many let nobody wait. So where the model
     * has tasks wait longer for more threads than they do now.
     */
    private static int together(PoolWindow pool, Advice advice, int needed) {
        boolean grows = pool.growthPerSecond() > MIN_DUE;
        // a stream from outside that keeps all threads busy has a queue that grows
        boolean saturated = pool.type().equals("fork-join")
                && pool.utilisation() >= SATURATED
                && pool.queueDepthMean() >= LONG_QUEUE * pool.size();
        boolean refuted = !Schedulers.is(pool)
                && advice.threads() > 0
                && advice.at(needed).queueWaitMeanMs() * 1e6 >= queued(pool).toNanos();
        double waiting = Schedulers.isOfMany(pool) ? Schedulers.due(pool) : pool.queueDepthMean();
        return (Schedulers.isOfMany(pool) || refuted || saturated) && !grows
                ? (int) Math.ceil(pool.busyMean() + waiting)
                : 0;
    }

    /** Where nothing may wait, the calls that do are told instead. */
    private static boolean tellsLoops(PoolWindow pool) {
        return Schedulers.neverBlocks(pool)
                && !(pool.cpuShare() > MOST_IN_LINE)
                && service(pool).compareTo(EventLoopBlockedRule.DEFAULT.minShort()) >= 0;
    }

    /** Threads in tasks that do not end, as those of a server for its connections: busy, though no task that ended kept them so. */
    private static int endless(PoolWindow pool, Advice advice) {
        double others = pool.busyMean() - advice.offered();
        return Schedulers.is(pool) || Double.isNaN(others) ? 0 : (int) Math.max(0, Math.floor(others));
    }

    /** Mean number of threads that run tasks which they hand in, since the queue is full; these are none of what arrives. At least, as only calls are seen. */
    private static double ranByCallers(PoolTrouble trouble) {
        PoolWindow pool = trouble.pool;
        if (pool.queueCapacity() < 0 || pool.queueDepthMax() < pool.queueCapacity()) {
            return 0;
        }
        long nanos = trouble.all.activities().stream()
                .filter(each -> EventLoopBlockedRule.isRunByCaller(each.stack()))
                .mapToLong(each -> each.took().toNanos())
                .sum();
        double threads = nanos / 1e9 / trouble.all.seconds();
        return threads < MIN_DUE ? 0 : threads;
    }

    private static String callersNote(PoolTrouble trouble) {
        double callers = ranByCallers(trouble);
        return callers == 0
                ? ""
                : " By CallerRunsPolicy " + Words.number(callers)
                        + " more threads run tasks that the queue has no room for: who hands them in does nothing else meanwhile.";
    }

    private static String endlessNote(PoolWindow pool, Advice advice) {
        int endless = endless(pool, advice);
        return endless == 0
                ? ""
                : " " + Words.count(endless, "thread") + (endless == 1 ? " is in a task" : " are in tasks")
                        + " that did not end while we looked.";
    }

    /** What keeps the pool from being judged; empty if nothing does. */
    private static String missing(PoolWindow pool, Advice advice) {
        if (pool.seconds() < MIN_SECONDS) {
            return "seen for " + pool.seconds() + " s";
        }
        if (advice.threads() == 0 && !(Schedulers.is(pool) && pool.timed() >= MIN_LATE)) {
            return advice.why();
        }
        boolean mayCompute = pool.type().equals("fork-join") || PoolSettings.limitsCoroutines(pool);
        return mayCompute && Double.isNaN(pool.cpuShare()) ? "how much its tasks compute is not known" : "";
    }

    /** Of tasks that others overtake, as in a queue by priority, few are timed: the depth of the queue tells of all. */
    private static Duration queued(PoolWindow pool) {
        Duration byDepth =
                Duration.ofNanos((long) (pool.queueDepthMean() / Math.max(1e-9, pool.completionsPerSecond()) * 1e9));
        boolean overtaken = !Schedulers.is(pool)
                && pool.queueDepthMean() >= LONG_QUEUE * pool.size()
                && byDepth.compareTo(pool.queueTimeMean().multipliedBy(LONG_QUEUE)) > 0;
        return pool.timed() > 0 && !overtaken ? pool.queueTimeMean() : byDepth;
    }

    private static Duration service(PoolWindow pool) {
        return Duration.ofNanos((long) (new PoolLoad(pool).serviceSeconds() * 1e9));
    }

    private Text text(PoolTrouble trouble, Advice advice, int enough, Optional<TaskWaits> tasks) {
        PoolWindow pool = trouble.pool;
        boolean late = Schedulers.is(pool);
        String noun = PoolSettings.noun(pool);
        String queued = Words.time(queued(pool));
        boolean splits = tasks.filter(PoolUndersizedRule::ofParallelStream).isPresent();
        boolean least = pool.type().equals("fork-join"); // whose tasks make as many as there are threads for
        Optional<OwnTasks> own = OwnTasks.of(trouble);
        return new Text(
                (late
                                ? "Tasks of %s start %s late, because they wait %s, and run %s; it needs %d or more."
                                : pool.ofVirtualThreads()
                                        ? "Tasks of %s wait %s %s and run %s, though virtual threads need no pool."
                                        : least
                                                ? "Tasks of %s wait %s %s and run %s; it needs %d " + noun
                                                        + "s or more."
                                                : "Tasks of %s wait %s %s and run %s; %d " + noun + "s would do.")
                        .formatted(
                                pool.name(),
                                queued,
                                PoolSettings.free(pool, pool.size()),
                                Words.time(service(pool)),
                                enough),
                "All " + noun + "s are busy " + Words.percent(pool.utilisation()) + " of the time" + cpuNote(pool)
                        + "; " + advice.why(enough) + endlessNote(pool, advice) + callersNote(trouble)
                        + tasks.map(TaskWaits::sentence).orElse("")
                        + own.map(each -> each.sentence(pool.size())).orElse("")
                        + (splits ? " It is a parallel stream, which makes more tasks for more threads." : "")
                        + unusedMaximum(pool),
                late
                        ? "A tenth of the tasks starts %s late or more.".formatted(Words.time(Schedulers.late(pool)))
                        : Words.number(pool.queueDepthMean()) + " tasks wait on average, "
                                + Words.count(pool.queueDepthMax(), "task") + " at most.",
                own.map(each -> each.change(pool.name(), trouble.resize(enough)))
                                .orElseGet(() -> trouble.resize(enough))
                        + trouble.atSubmitter()
                        + "."
                        + tasks.map(TaskWaits::ifOwnServer).orElse(""),
                "Mean queue wait " + queued + " → " + predicted(advice, enough) + " (Erlang C with Allen–Cunneen).",
                trouble.certainty(advice),
                "Threads busy at least %s, queue wait at least %s and half the service time; here %s and %s."
                        .formatted(
                                Words.percent(minUtilisation),
                                Words.time(minWait),
                                Words.percent(pool.utilisation()),
                                queued));
    }

    /** One has a few tasks for each thread, however many elements: how many threads it could use does not show. */
    private static boolean ofParallelStream(TaskWaits tasks) {
        return tasks.at().stack().frames().stream()
                .anyMatch(frame -> frame.className().startsWith("java.util.stream.")
                        && frame.method().equals("compute"));
    }

    /** Where a full queue is what makes a pool grow, it never does with room left. */
    private static String unusedMaximum(PoolWindow pool) {
        boolean more = pool.maxSize() < 0 || pool.maxSize() > pool.coreSize();
        boolean room = pool.queueCapacity() < 0 || pool.queueDepthMax() < pool.queueCapacity();
        if (!pool.type().equals("threads") || pool.size() != pool.coreSize() || !more || !room) {
            return "";
        }
        return " Its maximum%s is not reached: beyond corePoolSize a thread is started only when the queue is full, and it %s."
                .formatted(
                        pool.maxSize() < 0 ? "" : " of " + Words.count(pool.maxSize(), "thread"),
                        pool.queueCapacity() < 0 || pool.queueCapacity() == Integer.MAX_VALUE
                                ? "has no bound"
                                : "takes " + Words.count(pool.queueCapacity(), "task"));
    }

    private static String cpuNote(PoolWindow pool) {
        return Double.isNaN(pool.cpuShare())
                ? ""
                : ", but a task uses a core for only " + Words.percent(pool.cpuShare()) + " of its time";
    }

    private static String predicted(Advice advice, int threads) {
        double wait = advice.at(threads).queueWaitMeanMs();
        if (Double.isNaN(wait)) {
            return "unknown, as so few tasks ran";
        }
        return Double.isInfinite(wait) ? "falling until the backlog is gone" : Words.millis(wait);
    }
}
