// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Initial;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Range;
import io.lockjam.window.States;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Tells of a latch, barrier, phaser or exchanger that threads wait at for good: by the code only threads and tasks of one file come there, and no
 * thread that lives is on its way, or has been since the wait was first seen. So are results and signals that only they can give.
 *
 * <p>A latch with a count of one mostly stands for an event, such as the end of the program, which may be long in coming; one with more is for the
 * parts of some work, and where several threads wait for one each it is for a request. Virtual threads are not looked at one by one, so while any live that do not wait for the same nothing is told.
 */
record NobodyComes(WaitForGraph graph, Situation all) {
    private static final Set<WaitKind> MEETINGS = EnumSet.of(WaitKind.BARRIER, WaitKind.PHASER, WaitKind.EXCHANGER);
    private static final Set<WaitKind> RESULTS = EnumSet.of(WaitKind.LATCH, WaitKind.FUTURE);
    private static final Set<WaitKind> SIGNALS = EnumSet.of(WaitKind.OBJECT_WAIT, WaitKind.CONDITION);
    private static final int HISTORY = 50_000;
    private static final int MOST_NAMED = 3;
    static final String KEEP_TIMED =
            "Catch and log every exception inside the scheduled task, so that its next run still comes for those who wait%s.";

    /**
     * @param lasting without a limit
     * @param stacks of the waiters, by thread id
     */
    List<StuckForGood.Proof> of(List<WaitForGraph.Edge> lasting, Map<Long, Stack> stacks) {
        List<StuckForGood.Proof> found = new ArrayList<>();
        TasksEnded tasks = new TasksEnded(graph, all);
        Map<Object, List<WaitForGraph.Edge>> byLock = lasting.stream()
                .filter(edge -> edge.soFar().compareTo(CodeOwners.MIN_AGE) >= 0)
                .filter(edge -> MEETINGS.contains(edge.kind())
                        || RESULTS.contains(edge.kind())
                        || SIGNALS.contains(edge.kind()))
                .collect(Collectors.groupingBy(this::object, LinkedHashMap::new, Collectors.toList()));
        for (List<WaitForGraph.Edge> here : byLock.values()) {
            WaitForGraph.Edge edge = here.get(0);
            Stack stack = stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
            Set<String> ways = ways(edge, stack);
            Optional<String> timed =
                    ways.isEmpty() ? Optional.empty() : all.session().code().timedTask(stack, edge.lockName(), ways);
            if (!ways.isEmpty()
                    && tasks.noneQueued()
                    && !(timed.isPresent() && TimedTasks.exist(graph, all))
                    && nobodyOn(ways, edge, each -> false)) {
                found.add(new StuckForGood.Proof(
                        "that does not come",
                        why(edge, here) + timed.map(NobodyComes::ofTimer).orElse(""),
                        here,
                        timed.isPresent() ? KEEP_TIMED : change(edge, stack, ways)));
            }
        }
        return found;
    }

    /** What to change about a signal; empty for what follows from the kind of wait. */
    private String change(WaitForGraph.Edge edge, Stack stack, Set<String> ways) {
        if (!SIGNALS.contains(edge.kind())) {
            return "";
        }
        return isOn(stack, ways, edge)
                ? "Those that wait%s would give it themselves, but only afterwards: if it stands for something lent, give that back on every way out,"
                        + " in a finally block."
                : "Let whoever gives it last, or fails, tell those that wait, or interrupt them%s.";
    }

    private Set<String> ways(WaitForGraph.Edge edge, Stack stack) {
        if (SIGNALS.contains(edge.kind())) {
            return all.session().code().waysOfSignal(stack, edge.kind(), edge.lockName(), edge.lock());
        }
        return isForParts(edge, stack) ? all.session().code().ways(stack, edge.kind(), edge.lockName()) : Set.of();
    }

    /** @param task that leads to what is waited for; empty if it is not known */
    static String ofTimer(String task) {
        return ". A scheduler or timer was to start " + (task.isEmpty() ? "what gives it" : Words.method(task))
                + ", and none has a task any more: a periodic task that throws is never started again";
    }

    static boolean hasVirtual(Situation all) {
        Range last = new Range(all.range().to().minusSeconds(2), all.range().to());
        return all.session().states(last).stream().anyMatch(second -> second.virtualThreads() > 0);
    }

    /** Who waits for one future, or for the latch of a request, does so at an object of its own. */
    private Object object(WaitForGraph.Edge edge) {
        return edge.kind() == WaitKind.FUTURE || isOneForEach(edge) ? edge.lockId() : edge.lock();
    }

    /** Whether others wait as long for other latches of the same name: each is for what its waiter asked for, and no event of the program. */
    private boolean isOneForEach(WaitForGraph.Edge edge) {
        return edge.kind() == WaitKind.LATCH
                && graph.edges().stream()
                        .anyMatch(other -> other.kind() == edge.kind()
                                && other.lockId().equals(edge.lockId())
                                && !other.lock().equals(edge.lock())
                                && other.soFar().compareTo(CodeOwners.MIN_AGE) >= 0);
    }

    /** Whether a virtual thread may live that does not wait for the same: only those that wait are known. */
    boolean hasOtherVirtual(WaitForGraph.Edge edge) {
        Range last = new Range(all.range().to().minusSeconds(2), all.range().to());
        long live = all.session().states(last).stream()
                .mapToLong(States::virtualThreads)
                .max()
                .orElse(0);
        long here = graph.edges().stream()
                .filter(other -> other.waiter().virtual() && object(other).equals(object(edge)))
                .mapToLong(WaitForGraph.Edge::weight)
                .sum();
        return live > here;
    }

    private boolean isForParts(WaitForGraph.Edge edge, Stack stack) {
        return MEETINGS.contains(edge.kind())
                || edge.kind() == WaitKind.FUTURE
                || edge.missing() > 1
                || isOneForEach(edge)
                || all.session().code().initial(stack, edge.lockName()) == Initial.MORE;
    }

    /**
     * Whether no thread but those that wait is on its way to end the wait, or has been since it was first seen, and none is left that might run a task
     * which does.
     *
     * @param mayEnd what else a stack may be of that ends it
     */
    boolean nobodyOn(Set<String> ways, WaitForGraph.Edge edge, Predicate<Stack> mayEnd) {
        if (hasOtherVirtual(edge)) {
            return false;
        }
        Set<Long> waiters = new HashSet<>();
        graph.edges().stream()
                .filter(other -> other.kind() == edge.kind() && object(other).equals(object(edge))
                        || other.lock().equals(edge.lock()))
                .forEach(other -> waiters.add(other.waiter().id()));
        endWaiters(waiters).forEach(thread -> waiters.add(thread.id()));
        TasksEnded others = new TasksEnded(graph, all);
        return others.noneQueuedForOthers(waiters)
                && others.noneThere(edge, waiters, stack -> mayEnd.test(stack) || isOn(stack, ways, edge));
    }

    /** Who waits for one of these to end, and is not on its way before. */
    Set<ThreadRef> endWaiters(Set<Long> waiters) {
        return new EndWaiters(graph, StuckForGood.untimed(graph, all), all).of(waiters);
    }

    boolean isOn(Stack stack, Set<String> ways, WaitForGraph.Edge edge) {
        return all.session().code().comesTo(stack, ways)
                || all.session().code().owes(stack).stream()
                        .anyMatch(owed -> owed.kind() == edge.kind()
                                && (owed.name().equals(edge.lockName())
                                        || all.session().code().initial(stack, owed.name()) == Initial.UNKNOWN));
    }

    private String why(WaitForGraph.Edge edge, List<WaitForGraph.Edge> here) {
        boolean latch = edge.kind() == WaitKind.LATCH;
        String missing = edge.missing() <= 0
                ? ""
                : latch
                        ? (edge.missing() == 1 ? "1 count" : edge.missing() + " counts")
                                + (isOneForEach(edge) ? " of each" : "")
                                + (edge.missing() == 1 ? " is missing. " : " are missing. ")
                        : Words.count(here.size(), "thread") + (here.size() == 1 ? " waits, " : " wait, ")
                                + (edge.missing() == 1 ? "1 party has" : edge.missing() + " parties have")
                                + " not come. ";
        String end = switch (edge.kind()) {
            case LATCH -> "count it down";
            case FUTURE -> "complete it";
            case OBJECT_WAIT, CONDITION -> "give it";
            default -> "it";
        };
        return missing + "By the code no thread that lives is on its way to " + end
                + ", nor was one since the wait was first seen, and no task is queued" + gone(edge, here);
    }

    /** Who came there before and does not wait there now. */
    private String gone(WaitForGraph.Edge edge, List<WaitForGraph.Edge> here) {
        Set<ThreadRef> came = new HashSet<>();
        for (Wait wait :
                all.session().waits(all.session().kept(), WaitQuery.all(HISTORY).withoutHolders())) {
            if (wait.lock().equals(edge.lock()) && wait.ended()) {
                came.add(wait.waiter());
                if (wait.releasedBy() != null) {
                    came.add(wait.releasedBy());
                }
            }
        }
        here.forEach(other -> came.remove(other.waiter()));
        List<String> ended = all.threads().stream()
                .filter(thread -> thread.ended() != null && came.contains(thread.thread()))
                .map(ThreadWindow::thread)
                .map(ThreadRef::label)
                .limit(MOST_NAMED)
                .toList();
        return ended.isEmpty()
                ? ""
                : ". " + Words.list(ended)
                        + (ended.size() == 1 ? ", which came before, has" : ", which came before, have") + " ended";
    }
}
