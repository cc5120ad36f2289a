// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds pools made of a queue into which nothing comes back, while two and more threads wait to take from it.
 *
 * <p>A consumer without work waits just so, so the code has to tell that what is taken is put back, be it not on every way, and that the thread is at
 * work: it waits outside any loop, as in a task of an executor, or a method on its stack says that it borrows, or its class that it is a pool.
 */
record NothingPutBackRule(Duration minAge, int minWaiters) implements Rule<Situation> {
    static final NothingPutBackRule DEFAULT =
            new NothingPutBackRule(LentForGoodRule.DEFAULT.minAge(), LentForGoodRule.DEFAULT.minWaiters());

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        WaitForGraph graph = all.session().graph(all.range().to());
        Map<Long, Stack> stacks = new HashMap<>();
        for (Fact.StackSeen seen : all.session().stacks(all.session().kept())) {
            if (seen.state().equals("WAITING")) {
                stacks.put(seen.thread().id(), seen.stack());
            } else {
                stacks.remove(seen.thread().id());
            }
        }
        Map<Object, List<WaitForGraph.Edge>> byQueue = graph.edges().stream()
                .filter(edge -> edge.soFar().compareTo(minAge) >= 0)
                .map(edge -> InnerWaits.told(
                        edge,
                        stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY),
                        all.session().code()))
                .collect(Collectors.groupingBy(WaitForGraph.Edge::lock, LinkedHashMap::new, Collectors.toList()));
        return Verdict.of(byQueue.values().stream()
                .filter(waiting -> StandingWaits.threads(waiting) >= minWaiters)
                .flatMap(
                        waiting -> lent(waiting, stacks, all).stream().map(edge -> finding(edge, waiting, stacks, all)))
                .toList());
    }

    /** One that wants what is lent, if nothing was put back since it began to wait. */
    private static Optional<WaitForGraph.Edge> lent(
            List<WaitForGraph.Edge> waiting, Map<Long, Stack> stacks, Situation all) {
        return waiting.stream()
                .filter(edge -> edge.kind() == WaitKind.QUEUE_TAKE)
                .filter(edge -> {
                    Stack stack = stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
                    return !stack.isEmpty()
                            && isAtWork(stack, all)
                            && all.session().code().mayGiveBack(stack, edge.kind(), edge.lockName())
                            && all.session()
                                    .code()
                                    .tasks(stack, edge.kind(), edge.lockName())
                                    .isEmpty();
                })
                .filter(edge -> InnerWaits.noneEnded(edge, all))
                .findFirst();
    }

    private static boolean isAtWork(Stack stack, Situation all) {
        return LentForGoodRule.comesToBorrow(stack)
                || LentForGoodRule.comesToPool(stack)
                || all.session().waitsOnce(stack);
    }

    private static Optional<ThreadWindow> holder(WaitForGraph.Edge edge, Situation all) {
        return all.threads().stream()
                .filter(thread -> thread.ended() == null
                        && all.session().code().owes(thread.stack()).stream()
                                .anyMatch(owed -> owed.taken()
                                        && owed.kind() == edge.kind()
                                        && owed.name().equals(edge.lockName())))
                .findFirst();
    }

    private Finding finding(
            WaitForGraph.Edge edge, List<WaitForGraph.Edge> waiting, Map<Long, Stack> stacks, Situation all) {
        Stack stack = stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
        String name = Words.simple(edge.lockName());
        int threads = StandingWaits.threads(waiting);
        Frame waits = stack.site().orElseThrow();
        Frame user = user(stack).orElse(waits);
        String at = Words.place(user);
        String has = holder(edge, all)
                .map(thread -> "By its code " + thread.thread().label() + " has one, at "
                        + Words.place(thread.stack().site().orElse(null)) + ".")
                .orElse("Of the threads that were seen none has something that by its code it will put back.");
        Text text = new Text(
                "%d threads wait to take from %s, into which nothing is put back (%s so far)."
                        .formatted(threads, name, Words.time(edge.soFar())),
                "By the code at " + at + " what is taken is put back"
                        + (all.session().code().givesBack(stack, edge.kind(), edge.lockName())
                                ? ", as in a pool. "
                                : ", but not on every way, so it may be here that it stays out. ")
                        + has,
                threads + " threads stand still; no wait has ended meanwhile.",
                "Find who takes from " + name
                        + " and does not put back on every way out: put back in a finally block, at " + at
                        + " and wherever else something is taken.",
                "The threads go on one by one as soon as something is put back.",
                "From snapshots of all threads and the code on their stacks. What was taken before the attach is not known.",
                "At least %d threads, for at least %s; here %d and %s."
                        .formatted(minWaiters, Words.time(minAge), threads, Words.time(edge.soFar())));
        List<Place> where = List.of(new Place("waiter", user, stack));
        return new Finding.NothingPutBack(
                new StandingWaits(edge, waiting).details("nothing put back", text, where, all), edge);
    }

    /** The method that takes and puts back, which may have another do so. */
    private static Optional<Frame> user(Stack stack) {
        List<Frame> own =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        return own.stream()
                .filter(frame -> !LentForGoodRule.borrows(frame) && !LentOutRule.isPool(frame.className()))
                .findFirst()
                .or(() -> own.stream().findFirst());
    }
}
