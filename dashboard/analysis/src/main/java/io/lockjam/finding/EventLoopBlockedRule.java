// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds event loops that were held up: a thread on which many connections or events depend slept, waited or read.
 *
 * <p>A loop is known by the names that libraries give, by a selector on its stack, or as the only thread of a pool of many short tasks. Fifty
 * milliseconds is where people begin to notice (RAIL, 2015: 100 ms for the whole reaction); five blocking calls of 5 ms count as much, because none
 * belongs on a loop. Computing counts if it happens twice, and not if the loop had no core meanwhile. Waiting in the selector is the loop's rest, not a hold-up.
 */
record EventLoopBlockedRule(Duration minHoldUp, Duration minShort, int minShortCalls) implements Rule<Situation> {
    static final EventLoopBlockedRule DEFAULT =
            new EventLoopBlockedRule(Duration.ofMillis(50), Duration.ofMillis(5), 5);
    private static final Pattern NAMES = Pattern.compile(
            "(?i).*(event-?loop|nioEventLoopGroup|epollEventLoop|vert\\.x-eventloop|reactor-(http|tcp)-(nio|epoll)|XNIO-\\d+ I/O"
                    // objects wait for them to be freed
                    + "|^(Finalizer|Common-Cleaner|Cleaner-\\d+)$"
                    + "|AWT-EventQueue|JavaFX Application Thread|webflux-http"
                    // of ZooKeeper, of Paho, and of Hazelcast its partitions and events
                    + "|-EventThread$|MQTT Call: |hz\\..*\\.(partition-operation\\.thread-|event-)\\d).*");
    /** The one worker of a fork-join pool on two cores is there because of the cores: nothing depends on its order. */
    private static final Set<String> NO_LOOPS = Set.of("slots", "fork-join");

    /** Methods of libraries that are their loops. */
    private static final Set<String> LOOPS = Set.of(
            "io.netty.channel.nio.NioEventLoop.run",
            "io.netty.channel.epoll.EpollEventLoop.run",
            "io.netty.channel.kqueue.KQueueEventLoop.run",
            "io.netty.channel.SingleThreadIoEventLoop.run",
            "org.apache.http.impl.nio.reactor.AbstractIOReactor.execute",
            "org.apache.hc.core5.reactor.AbstractSingleCoreIOReactor.execute",
            "org.xnio.nio.WorkerThread.run");

    /** On the stack of a timer's thread while it runs a task. */
    private static final String TIMEOUT = "io.netty.util.HashedWheelTimer$HashedWheelTimeout";

    /** Whoever selects once, to connect, is no loop. */
    private static final int MIN_TURNS = 10;

    private static final double BUSY_POOL_TASKS = 5;

    private static final double MOST_TASKS = 0.5;

    /** Half a hold-up. */
    private static final Duration SHORT = Duration.ofMillis(25);

    /** Waits for work are long, so that these are most of them. */
    private static final int MOST_WAITS = 5_000;

    @Override
    public Kind kind() {
        return Kind.EVENT_LOOP_BLOCKED;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        return Verdict.of(findAll(all));
    }

    /** One for each loop and line. */
    private List<Finding> findAll(Situation all) {
        Map<Long, ThreadRef> loops = loops(all);
        OwnLoops own = OwnLoops.of(all, BUSY_POOL_TASKS);
        own.tasks().keySet().forEach(thread -> loops.put(thread.id(), thread));
        if (loops.isEmpty()) {
            return List.of();
        }
        LoopCallers callers = callers(all);
        Map<String, PoolWindow> executors = executors(all);
        Map<String, List<LoopHoldUp>> byPlace = new LinkedHashMap<>();
        for (LoopHoldUp each : new LoopHoldUps(loops, all, minHoldUp, minShort).find()) {
            byPlace.computeIfAbsent(each.thread().group() + "|" + each.place(), place -> new ArrayList<>())
                    .add(each);
        }
        byPlace.values()
                .removeIf(holdUps -> isForThat(holdUps, executors)
                        || own.isForThat(holdUps.get(0).thread(), holdUps.size(), MOST_TASKS));
        byPlace.values()
                .forEach(holdUps ->
                        holdUps.removeIf(each -> isTrifle(each, executors, all) || !callers.holdsUpOthers(each)));
        byPlace.values().removeIf(List::isEmpty);
        List<Finding> found = new ArrayList<>();
        byPlace.forEach((place, holdUps) -> {
            if (isUnseen(holdUps, byPlace.values())) {
                return;
            }
            long isLong = holdUps.stream()
                    .filter(each -> each.took().compareTo(minHoldUp) >= 0)
                    .count();
            boolean once = isLong == 1 && holdUps.get(0).computed(); // a class that is loaded, code that is compiled
            if ((isLong > 0 && !once) || holdUps.size() >= minShortCalls) {
                found.add(finding(place, holdUps, all));
            }
        });
        return found;
    }

    private static LoopCallers callers(Situation all) {
        LoopCallers callers = new LoopCallers();
        all.threads().stream()
                .filter(thread -> selects(thread.stack()))
                .forEach(thread -> callers.see(thread.thread(), thread.stack()));
        all.samples().stream()
                .filter(sample -> selects(sample.stack()))
                .forEach(sample -> callers.see(sample.thread(), sample.stack()));
        all.session().stacks(all.range()).stream()
                .filter(seen -> selects(seen.stack()))
                .forEach(seen -> callers.see(seen.thread(), seen.stack()));
        return callers;
    }

    /** Whether a library says by the thread's name that nothing may block it. */
    static boolean isNamed(ThreadRef thread) {
        return NAMES.matcher(thread.name()).matches();
    }

    /** The scheduler whose only thread this is, unless nothing may block it. */
    private static Optional<PoolWindow> scheduler(LoopHoldUp holdUp, Situation all) {
        return Schedulers.of(holdUp.thread(), all).filter(pool -> !Schedulers.neverBlocks(pool));
    }

    /** Pools of one thread that no library calls a loop, by what their thread's name folds to: they may be made for tasks that wait. */
    private static Map<String, PoolWindow> executors(Situation all) {
        return all.pools().stream()
                .filter(pool -> pool.type().equals("threads") && Schedulers.isAlone(pool) && pool.completions() > 0)
                .collect(Collectors.toMap(PoolTrouble::group, pool -> pool, (one, other) -> one));
    }

    /** Whether most tasks of an executor make a call: it has its thread for that. */
    private static boolean isForThat(List<LoopHoldUp> calls, Map<String, PoolWindow> executors) {
        ThreadRef thread = calls.get(0).thread();
        PoolWindow pool = executors.get(thread.group());
        return pool != null
                && !isNamed(thread)
                && !calls.get(0).computed()
                && calls.size() >= MOST_TASKS * pool.completions();
    }

    /** On a scheduler or an executor a call that is short, or beside which no task started late. */
    private boolean isTrifle(LoopHoldUp holdUp, Map<String, PoolWindow> executors, Situation all) {
        PoolWindow executor = executors.get(holdUp.thread().group());
        boolean brief = executor != null
                && !isNamed(holdUp.thread())
                && executor.timed() > 0
                && holdUp.took().compareTo(minHoldUp) < 0
                && Schedulers.late(executor).compareTo(SHORT) < 0;
        return brief || isTrifleOfScheduler(holdUp, all);
    }

    private boolean isTrifleOfScheduler(LoopHoldUp holdUp, Situation all) {
        return scheduler(holdUp, all)
                .filter(pool -> holdUp.took().compareTo(minHoldUp) < 0
                        || (pool.timed() > 0 && Schedulers.latest(pool).compareTo(minHoldUp) < 0)
                        || (!usedAsLoop(pool) && !Schedulers.hasPart(holdUp.took(), pool)))
                .isPresent();
    }

    private Map<Long, ThreadRef> loops(Situation all) {
        Map<Long, ThreadRef> loops = new HashMap<>();
        for (ThreadWindow thread : all.threads()) {
            if (isNamed(thread.thread()) || selects(thread.stack()) || runsLoop(thread.stack())) {
                loops.put(thread.thread().id(), thread.thread());
            }
        }
        all.samples().stream()
                .filter(sample -> selects(sample.stack()))
                .forEach(sample -> loops.put(sample.thread().id(), sample.thread()));
        all.session().stacks(all.range()).stream()
                .filter(seen -> selects(seen.stack()))
                .forEach(seen -> loops.put(seen.thread().id(), seen.thread()));
        turning(all).forEach(thread -> loops.put(thread.id(), thread));
        Set<String> working = all.pools().stream()
                .filter(pool -> !pool.type().equals("slots") && pool.maxSize() > 1 && pool.completions() > 0)
                .map(PoolTrouble::group)
                .collect(Collectors.toSet());
        loops.values().removeIf(thread -> working.contains(thread.group())); // they select now and then, inside a task
        loops.keySet().removeAll(idlers(all, loops.values()));
        for (PoolWindow pool : all.pools()) {
            boolean alone = Schedulers.isAlone(pool)
                    && !Schedulers.mayBlock(pool)
                    && (usedAsLoop(pool) || Schedulers.holdsUp(pool, minHoldUp));
            if ((alone || Schedulers.neverBlocks(pool)) && !NO_LOOPS.contains(pool.type())) {
                new PoolTrouble(pool, all)
                        .workers()
                        .forEach(each -> loops.put(each.thread().id(), each.thread()));
            }
        }
        completing(all).forEach(thread -> loops.put(thread.id(), thread));
        return loops;
    }

    /** The only thread of an AsynchronousChannelGroup, which runs all completion handlers of its channels; or of a HashedWheelTimer of Netty. */
    private static List<ThreadRef> completing(Situation all) {
        Map<String, Set<ThreadRef>> byGroup = Stream.concat(
                        all.threads().stream()
                                .filter(thread -> completes(thread.stack()))
                                .map(ThreadWindow::thread),
                        all.activities().stream()
                                .filter(each -> completes(each.stack()))
                                .map(Fact.Activity::thread))
                .collect(Collectors.groupingBy(ThreadRef::group, Collectors.toSet()));
        return byGroup.values().stream()
                .filter(threads -> threads.size() == 1)
                .flatMap(Set::stream)
                .toList();
    }

    private static boolean completes(Stack stack) {
        return stack.frames().stream()
                .map(Frame::className)
                .anyMatch(name -> name.startsWith("sun.nio.ch.") && name.endsWith("Port$EventHandlerTask")
                        || name.equals(TIMEOUT));
    }

    /** Whether a library's loop stands below, whatever its thread is called and however long it has not come back to its selector. */
    static boolean runsLoop(Stack stack) {
        return stack.frames().stream().anyMatch(frame -> LOOPS.contains(frame.className() + "." + frame.method()));
    }

    /** Many short tasks; where most take long, blocking is what the thread is for. */
    private static boolean usedAsLoop(PoolWindow pool) {
        boolean isShort = pool.timed() == 0 || pool.serviceTimes().quantile(0.5) < SHORT.toNanos();
        return pool.arrivalsPerSecond() >= BUSY_POOL_TASKS && isShort;
    }

    /** Threads that came back to a selector again and again, whatever their name; a pool's worker is judged by its pool, unless its task never ends. */
    private static List<ThreadRef> turning(Situation all) {
        Map<ThreadRef, Long> turns = new HashMap<>();
        all.session().turns(all.range()).forEach(each -> turns.merge(each.thread(), each.turns(), Long::sum));
        Set<String> pools = all.pools().stream()
                .filter(pool -> pool.completions() > 0)
                .map(PoolTrouble::group)
                .collect(Collectors.toSet());
        return turns.entrySet().stream()
                .filter(each -> each.getValue() >= MIN_TURNS
                        && !pools.contains(each.getKey().group()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Threads that wait for work elsewhere than in a selector: workers of a pool, whatever else they do between. Who hands a task on stands at its queue for a moment only. */
    private Set<Long> idlers(Situation all, Collection<ThreadRef> loops) {
        Set<Long> unnamed = loops.stream()
                .filter(thread -> !isNamed(thread))
                .map(ThreadRef::id)
                .collect(Collectors.toSet());
        if (unnamed.isEmpty()) {
            return unnamed;
        }
        Map<Long, Long> nanos =
                all
                        .session()
                        .waits(
                                all.range(),
                                WaitQuery.all(MOST_WAITS).by(unnamed).withoutHolders())
                        .stream()
                        .filter(wait -> wait.idle() && !selects(wait.stack()))
                        .collect(Collectors.groupingBy(
                                wait -> wait.waiter().id(),
                                Collectors.summingLong(wait -> wait.waited().toNanos())));
        nanos.values().removeIf(idle -> idle < minHoldUp.toNanos());
        return nanos.keySet();
    }

    /** Who wakes a selector is in it, too, and no loop for that. */
    private static boolean selects(Stack stack) {
        return stack.frames().stream()
                .limit(8)
                .anyMatch(frame -> ofSelector(frame)
                        && (frame.method().startsWith("select")
                                || frame.method().equals("lockAndDoSelect")
                                || frame.method().equals("doSelect")));
    }

    /** Whether a thread selects, wakes a selector or waits for a lock of one. */
    static boolean inSelector(Stack stack) {
        return stack.frames().stream().limit(8).anyMatch(EventLoopBlockedRule::ofSelector);
    }

    private static boolean ofSelector(Frame frame) {
        return frame.className().startsWith("sun.nio.ch.") && frame.className().contains("SelectorImpl");
    }

    /** Turns of which no sample was taken, on loops that are held up at a place that is known: most likely by the same. */
    private static boolean isUnseen(List<LoopHoldUp> holdUps, Collection<List<LoopHoldUp>> all) {
        String group = holdUps.get(0).thread().group();
        return holdUps.stream().allMatch(each -> each.stack().isEmpty())
                && all.stream()
                        .flatMap(List::stream)
                        .anyMatch(each -> each.thread().group().equals(group)
                                && !each.stack().isEmpty());
    }

    /** Whether a task is run by who handed it to a pool that had no room for it. */
    static boolean isRunByCaller(Stack stack) {
        return stack.frames().stream().anyMatch(frame -> frame.className().endsWith("$CallerRunsPolicy"));
    }

    private static String change(LoopHoldUp worst, String at, LoopWords words) {
        if (at.isEmpty()) {
            return "Find what it does meanwhile, of which no sample was taken, and do that " + words.instead() + ".";
        }
        if (isRunByCaller(worst.stack())) {
            return "A pool refused this task, and its CallerRunsPolicy lets whoever hands it in run it" + at
                    + ": give the pool more threads or a longer queue, or refuse the request, but do not run it here.";
        }
        return (worst.computed() ? "Do the work" : "Make the call") + at + ", " + words.instead() + ".";
    }

    private Finding finding(String place, List<LoopHoldUp> holdUps, Situation all) {
        List<LoopHoldUp> sorted = holdUps.stream()
                .sorted(Comparator.comparing(LoopHoldUp::took).reversed())
                .toList();
        LoopHoldUp worst = sorted.get(0);
        Duration total = holdUps.stream().map(LoopHoldUp::took).reduce(Duration.ZERO, Duration::plus);
        Stack stack = sorted.stream()
                .map(LoopHoldUp::stack)
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse(Stack.EMPTY);
        int loops = (int)
                holdUps.stream().map(each -> each.thread().id()).distinct().count();
        double share = Math.min(1, total.toNanos() / 1e9 / all.seconds() / loops);
        LoopWords words = LoopWords.of(scheduler(worst, all), stack);
        Duration longest = all.range().length().multipliedBy(loops); // a wait that goes on may have begun before
        String lost = Words.percent(share) + " of the time of "
                + (loops == 1 ? "the " + words.noun() : "these " + loops + " " + words.noun() + "s") + " is lost, "
                + Words.time(total.compareTo(longest) < 0 ? total : longest) + " in "
                + Words.time(all.range().length()) + ".";
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("holdUps", holdUps.size());
        evidence.put("longest", worst.took().toNanos());
        evidence.put("total", total.toNanos());
        evidence.put("turnsByMillis", LoopHoldUps.histogram(worst.thread(), all));
        evidence.put("seenAt", LoopHoldUps.moments(worst, all));
        return new Finding.EventLoopBlocked(new Details(
                place,
                all.range(),
                new Subject("loop", "java.lang.Thread", worst.thread().group(), "0", ""),
                text(worst, holdUps.size(), stack, words, lost),
                new Impact(share * loops, loops),
                Place.of("task", stack),
                Words.labels(holdUps.stream().map(LoopHoldUp::thread)),
                evidence,
                List.of()));
    }

    private Text text(LoopHoldUp worst, int times, Stack stack, LoopWords words, String lost) {
        String at = stack.site()
                .map(frame -> " at " + Words.place(frame) + CalledFrom.of(stack, frame))
                .orElse("");
        String took = Words.time(worst.took());
        return new Text(
                "The %s %s %s for %s%s; %s."
                        .formatted(
                                words.noun(),
                                worst.thread().label(),
                                worst.did(),
                                took + (worst.goesOn() ? " so far" : ""),
                                at,
                                words.effect()),
                words.why()
                        + (worst.goesOn()
                                ? "; it has not come back from this call."
                                : "; it was held up " + Words.count(times, "time")
                                        + (worst.computed() ? "." : " by this call.")),
                lost,
                change(worst, at, words),
                words.expect(worst.took()),
                worst.computed()
                        ? "Exact: the time between two waits for events; the place is where most samples were taken."
                        : "Exact: begin and end of each call are recorded above JFR's threshold.",
                "One call of %s or %d of %s; here %d, the longest %s."
                        .formatted(Words.time(minHoldUp), minShortCalls, Words.time(minShort), times, took));
    }
}
