// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds threads that wait for an element of a queue, or for a result of a completion service, after all that put something there have ended.
 *
 * <p>A consumer without work looks just the same, so the code has to tell that only threads and tasks of one file put something there; none of those
 * that live may be on its way, see {@link NobodyComes}. What a scheduler or a timer may still start is not known. Where tasks are queued in the pool
 * whose threads all wait here, see {@link TakersFillPool}.
 */
record NobodyPutsRule(Duration minAge) implements Rule<Situation> {
    static final NobodyPutsRule DEFAULT = new NobodyPutsRule(CodeOwners.MIN_AGE);
    private static final String JDK = "java.util.concurrent.";
    private static final String SERVICE = JDK + "ExecutorCompletionService";

    @Override
    public Kind kind() {
        return Kind.LOST_WAKEUP;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        WaitForGraph graph = all.session().graph(all.range().to());
        Map<Long, Stack> stacks = StuckForGood.untimed(graph, all);
        Map<Object, List<WaitForGraph.Edge>> byQueue = graph.edges().stream()
                .filter(edge -> edge.owner() == null && edge.soFar().compareTo(minAge) >= 0)
                .filter(edge -> stacks.containsKey(edge.waiter().id()))
                .map(edge -> InnerWaits.told(
                        edge,
                        stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY),
                        all.session().code()))
                .filter(edge -> edge.kind() == WaitKind.QUEUE_TAKE
                        && edge.lock().className().startsWith(JDK))
                .collect(Collectors.groupingBy(WaitForGraph.Edge::lock, LinkedHashMap::new, Collectors.toList()));
        List<Finding> found = new ArrayList<>();
        for (List<WaitForGraph.Edge> here : byQueue.values()) {
            Stack stack = stacks.getOrDefault(here.get(0).waiter().id(), Stack.EMPTY);
            WaitForGraph.Edge edge = named(here.get(0), stack, all);
            if (nobodyPuts(edge, stack, graph, all)) {
                found.add(TakersFillPool.of(edge, here, stack, all)
                        .orElseGet(() -> finding(edge, here, stack, graph, all)));
            }
        }
        return Verdict.of(found);
    }

    /** A service has its queue inside: the code knows the service only. */
    private static WaitForGraph.Edge named(WaitForGraph.Edge edge, Stack stack, Situation all) {
        if (!isOfService(stack)) {
            return edge;
        }
        Stack asked = new Stack(stack.frames().stream()
                .dropWhile(frame -> !frame.className().equals(SERVICE))
                .toList());
        LockRef service = new LockRef(SERVICE, edge.lock().identity());
        return all.session()
                .code()
                .name(edge.kind(), service, asked)
                .map(edge::called)
                .orElse(edge);
    }

    private static boolean nobodyPuts(WaitForGraph.Edge edge, Stack stack, WaitForGraph graph, Situation all) {
        Set<String> ways = all.session().code().ways(stack, edge.kind(), edge.lockName());
        return !ways.isEmpty()
                && !TimedTasks.exist(graph, all)
                && InnerWaits.noneEnded(edge, all)
                && new NobodyComes(graph, all).nobodyOn(ways, edge, each -> isOfService(stack) && runsTask(each));
    }

    private static boolean isOfService(Stack stack) {
        return stack.frames().stream().anyMatch(frame -> frame.className().equals(SERVICE));
    }

    /** Its end gives the service a result. */
    private static boolean runsTask(Stack stack) {
        return stack.frames().stream()
                .anyMatch(frame -> frame.className().equals(JDK + "FutureTask")
                        && frame.method().equals("run"));
    }

    /** Who would put something there, but first waits for those that take to end. */
    private static String ends(List<WaitForGraph.Edge> here, WaitForGraph graph, Situation all) {
        Set<Long> waiters = here.stream().map(each -> each.waiter().id()).collect(Collectors.toSet());
        List<String> names = new NobodyComes(graph, all)
                .endWaiters(waiters).stream().map(ThreadRef::label).toList();
        return names.isEmpty()
                ? ""
                : ". " + Words.list(names)
                        + (names.size() == 1
                                ? " waits for the end of those that take"
                                : " wait for the end of those that take");
    }

    private Finding finding(
            WaitForGraph.Edge edge, List<WaitForGraph.Edge> here, Stack stack, WaitForGraph graph, Situation all) {
        Frame site = stack.site().orElseThrow();
        int threads = StandingWaits.threads(here);
        boolean one = threads == 1;
        boolean service = isOfService(stack);
        Set<String> ways = all.session().code().ways(stack, edge.kind(), edge.lockName());
        boolean own = !service && new NobodyComes(graph, all).isOn(stack, ways, edge);
        Optional<String> timed = all.session().code().timedTask(stack, edge.lockName(), ways);
        String ends = ends(here, graph, all);
        String name = Words.simple(edge.lockName());
        String what = service ? "a result of a task of " + name : "an element of " + name;
        Text text = new Text(
                "%s %s for %s, and %s any more (%s so far) at %s."
                        .formatted(
                                StandingWaits.names(here),
                                one ? "waits" : "wait",
                                what,
                                service
                                        ? "nobody hands one in"
                                        : own ? "nobody else puts one there" : "nobody puts one there",
                                Words.time(edge.soFar()),
                                Words.place(site)),
                "By the code no "
                        + (own
                                ? "other thread that lives is on its way to put something there: those that wait do so only afterwards"
                                : "thread that lives is on its way to put something there, nor was one since the wait was first seen")
                        + ", and no task is queued or runs" + ends
                        + timed.map(NobodyComes::ofTimer).orElse("") + ".",
                Words.count(threads, "thread") + " will never go on.",
                advice(edge, site, service, own, timed.isPresent()),
                "The waits end with the work.",
                "Concluded from the snapshots and the code of the file that has the queue.",
                "A wait without limit of at least " + Words.time(minAge) + "; here " + Words.time(edge.soFar()) + ".");
        List<Place> where = new ArrayList<>(List.of(new Place("waiter", site, stack)));
        StandingWaits waits = new StandingWaits(edge, here);
        return new Finding.LostWakeup(waits.details("nobody puts", text, where, all), edge);
    }

    private static String advice(WaitForGraph.Edge edge, Frame site, boolean service, boolean own, boolean timed) {
        String place = Words.place(site);
        if (own) {
            return "If it lends things, put each back on every way out, and let no thread wait for another while it keeps one; if it holds work, let"
                    + " whoever finds that all is done put an element there that says so: at " + place + ".";
        }
        if (timed) {
            return NobodyComes.KEEP_TIMED.formatted(" at " + place);
        }
        return service
                ? "Take from " + Words.simple(edge.lockName()) + " as often as tasks were handed in, at " + place + "."
                : "Let whoever ends last put an element there that says so, one for each thread that takes, or interrupt those that wait at "
                        + place + ".";
    }
}
