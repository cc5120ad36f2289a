// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.window.Account;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the rules on pools share. */
final class PoolTrouble {
    final PoolWindow pool;
    final Situation all;

    PoolTrouble(PoolWindow pool, Situation all) {
        this.pool = pool;
        this.all = all;
    }

    boolean ofThreads() {
        return pool.type().equals("threads")
                || pool.ofVirtualThreads()
                || pool.type().equals("fork-join")
                || pool.type().equals("scheduled");
    }

    /** Threads that stay although they have nothing to do: those beyond the core end by themselves. */
    int kept() {
        return pool.coreSize() < 0 ? pool.size() : Math.min(pool.size(), pool.coreSize());
    }

    /** Most threads busy at one moment of all that is remembered: a burst every so often counts outside the range, too. */
    int everBusy() {
        return Math.max(pool.busyMax(), all.session().busiest(pool.identity()));
    }

    /** A size that nobody chose: the cores, for a pool that steals work; for coroutines two at least; 20 workers of Vert.x. */
    boolean ofDefaultSize() {
        boolean steals = pool.type().equals("fork-join") || PoolSettings.runsCoroutines(pool);
        return PoolSettings.isDefaultOfVertx(pool)
                || steals
                        && pool.maxSize()
                                <= Math.max(PoolSettings.runsCoroutines(pool) ? 2 : 1, Math.ceil(pool.cores()));
    }

    /** Pools of a library, and those that wait for times to come, have a few threads more than they use by default. */
    boolean ofHousekeeping() {
        return Schedulers.is(pool) || !pool.className().startsWith("java.util.concurrent.") || usedByLibraryAlone();
    }

    private boolean usedByLibraryAlone() {
        return !pool.submitters().isEmpty()
                && pool.submitters().stream()
                        .allMatch(each -> each.stack()
                                .own()
                                .filter(frame -> Libraries.has(frame.className()))
                                .isPresent());
    }

    boolean unbounded() {
        return pool.queueCapacity() < 0 || pool.queueCapacity() == Integer.MAX_VALUE;
    }

    /** What the names of its threads fold to. */
    static String group(PoolWindow pool) {
        return pool.name().replaceAll("\\d+", "#");
    }

    /** The pool's own threads: their names fold to the pool's name, or to the JDK's own for fork-join pools without one. */
    List<ThreadWindow> workers() {
        String group = group(pool);
        Pattern own = Pattern.compile(
                Stream.of(pool.name().split("#", -1)).map(Pattern::quote).collect(Collectors.joining("\\d+")));
        List<ThreadWindow> named = all.threads().stream()
                .filter(thread -> thread.ended() == null
                        && thread.group().equals(group)
                        && own.matcher(thread.thread().name()).matches())
                .toList();
        boolean onlyOne = pool.type().equals("fork-join")
                && all.pools().stream()
                                .filter(other -> other.type().equals("fork-join"))
                                .count()
                        == 1;
        return !named.isEmpty() || !onlyOne
                ? named
                : all.threads().stream()
                        .filter(thread -> thread.ended() == null
                                && thread.group().startsWith("ForkJoinPool")
                                && thread.group().contains("-worker-"))
                        .toList();
    }

    /** Its threads, and if these are not all, those that have a longer name for what they do for the pool itself, as acceptors of Jetty have. */
    List<ThreadWindow> staff() {
        List<ThreadWindow> staff = new ArrayList<>(workers());
        if (staff.size() >= pool.size()) {
            return staff;
        }
        Pattern longer = Pattern.compile(
                Stream.of(pool.name().split("#", -1)).map(Pattern::quote).collect(Collectors.joining("\\d+")) + "-.*");
        all.threads().stream()
                .filter(thread -> pool.name().contains("#")
                        && thread.ended() == null
                        && longer.matcher(thread.thread().name()).matches())
                .forEach(staff::add);
        return staff;
    }

    /** Threads on which its tasks run: of a limit those of the dispatcher behind it, if no other limit uses them meanwhile. */
    List<ThreadWindow> carriers() {
        if (!PoolSettings.limitsCoroutines(pool)) {
            return workers();
        }
        boolean onlyOne = all.pools().stream()
                        .filter(other -> PoolSettings.limitsCoroutines(other) && other.busyMax() > 0)
                        .count()
                == 1;
        return all.pools().stream()
                .filter(other -> onlyOne && PoolSettings.runsCoroutines(other))
                .flatMap(other -> new PoolTrouble(other, all).workers().stream())
                .toList();
    }

    /** Whether a thread that takes from a queue is a pool's worker that waits for its next task, not in one that takes. */
    static boolean fetchesWork(WaitForGraph.Edge edge, Situation all) {
        boolean workQueue = all.queues().stream()
                .anyMatch(queue -> queue.poolIdentity() != null
                        && queue.identity().equals(edge.lock().identity()));
        return workQueue
                || all.pools().stream()
                        .filter(pool -> pool.busyMax() <= 0 && pool.busyMean() == 0)
                        .flatMap(pool -> new PoolTrouble(pool, all).workers().stream())
                        .anyMatch(
                                worker -> worker.thread().id() == edge.waiter().id());
    }

    /** The application's own line; a library that hands in tasks by itself says nothing. */
    Optional<Frame> submitter() {
        return pool.submitters().stream()
                .flatMap(each -> each.stack().frames().stream())
                .filter(Frame::isOwn)
                .findFirst();
    }

    String atSubmitter() {
        return submitter()
                .map(frame -> " (tasks come from " + Words.place(frame) + ")")
                .orElse("");
    }

    Details details(Text text, Impact impact, List<Place> extra) {
        List<Place> where = new ArrayList<>(extra);
        for (PoolWindow.Submitter each : pool.submitters()) {
            each.stack()
                    .own()
                    .filter(frame -> !frame.isJdk() && where.size() < 5)
                    .filter(frame ->
                            where.stream().noneMatch(place -> place.frame().equals(frame)))
                    .ifPresent(frame -> where.add(new Place("submitter", frame, each.stack())));
        }
        Subject subject = new Subject("pool", pool.className(), pool.name(), pool.identity(), pool.id());
        return new Details(
                hasNamesake() ? pool.name() : group(pool),
                all.range(),
                subject,
                text,
                impact,
                where,
                Words.labels(workers().stream().map(ThreadWindow::thread)),
                evidence(),
                List.of());
    }

    /** Whether another pool's threads differ in numbers only, as those of the JDK's pools: one finding must not stand for both. */
    private boolean hasNamesake() {
        return all.pools().stream()
                        .filter(other -> group(other).equals(group(pool)))
                        .count()
                > 1;
    }

    private Map<String, Object> evidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("size", pool.size());
        evidence.put("maxSize", pool.maxSize());
        evidence.put("busyMean", pool.busyMean());
        evidence.put("busyMax", pool.busyMax());
        evidence.put("queueDepth", pool.queueDepth());
        evidence.put("queueDepthMax", pool.queueDepthMax());
        evidence.put("arrivalsPerSecond", pool.arrivalsPerSecond());
        evidence.put("completionsPerSecond", pool.completionsPerSecond());
        evidence.put("serviceMean", pool.serviceMean().toNanos());
        evidence.put("queueTimeMean", pool.queueTimeMean().toNanos());
        evidence.put("cpuShare", Double.isNaN(pool.cpuShare()) ? -1 : pool.cpuShare());
        evidence.put("rejections", pool.rejections());
        evidence.put("timedTasks", pool.timed());
        return evidence;
    }

    String certainty(Advice advice) {
        String counts = PoolSettings.limits(pool)
                ? "Counts are exact; times follow from them and from looks at what is under way, five a second."
                : pool.timed() == 0
                        ? "Task counts are exact; times follow from them, from the queue and from busy threads: no task of this window was timed."
                        : "Task counts are exact; times rest on " + Words.count(pool.timed(), "timed task") + ".";
        return advice.confident() || pool.timed() == 0 ? counts : counts + " Low confidence: " + advice.doubt() + ".";
    }

    /** Share of its threads' time in tasks that they stand in line, for a lock, at a queue or for a core: more threads would stand there, too. */
    double inLine() {
        List<ThreadWindow> workers = workers();
        Set<Long> ids = workers.stream().map(worker -> worker.thread().id()).collect(Collectors.toSet());
        double locks = all.locks().stream()
                .filter(lock -> lock.kind().isLock())
                .flatMap(lock -> lock.waitingThreads().stream())
                .filter(part -> ids.contains(part.thread().id()))
                .mapToDouble(part -> part.waited().toNanos() / 1e9)
                .sum();
        double others = workers.stream()
                .mapToDouble(worker -> share(worker, Account.Part.QUEUE, Account.Part.RUN_QUEUE)
                        * worker.seen().toNanos()
                        / 1e9)
                .sum();
        return (locks + others) / Math.max(1e-9, pool.busyMean() * pool.observedSeconds());
    }

    private static double share(ThreadWindow worker, Account.Part... parts) {
        return Arrays.stream(parts)
                .mapToDouble(part -> worker.account().share(part))
                .sum();
    }

    /** How to change the number of threads. */
    String resize(int threads) {
        if (Schedulers.isTimer(pool)) {
            return "Use a ScheduledThreadPoolExecutor with " + Words.count(threads, "thread")
                    + " instead of the java.util.Timer " + pool.name();
        }
        return PoolSettings.resize(pool, threads);
    }
}
