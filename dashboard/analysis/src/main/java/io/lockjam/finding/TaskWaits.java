// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * On which call the tasks of a pool spend most of their time without computing. Calls shorter than JFR's thresholds are not seen.
 *
 * @param does in words: {@code sleeps}
 * @param share of the time in tasks
 */
record TaskWaits(String does, Place at, double share) {
    private static final Duration NOTABLE = Duration.ofMillis(1);
    private static final int WAITS = 2_000;

    /** A third: with less the tasks have no call to which their time goes. */
    private static final double MIN_SHARE = 1 / 3.0;

    private record Key(String does, Frame at) {}

    /** Whose waits count, and those in which code. */
    private record Whose(Set<Long> threads, Predicate<Stack> code) {
        boolean is(ThreadRef thread, Stack stack) {
            return threads.contains(thread.id()) && code.test(stack);
        }
    }

    private static final class Sum {
        final Stack stack;
        double seconds;

        Sum(Stack stack) {
            this.stack = stack;
        }
    }

    static Optional<TaskWaits> of(PoolTrouble trouble) {
        Set<Long> workers =
                trouble.carriers().stream().map(worker -> worker.thread().id()).collect(Collectors.toSet());
        Predicate<Stack> code = stack -> !PoolSettings.limitsCoroutines(trouble.pool)
                || stack.frames().stream().anyMatch(PoolSettings::isOfCoroutineLimit);
        return of(new Whose(workers, code), trouble.all, trouble.pool.busyMean() * trouble.pool.observedSeconds());
    }

    /** @param busy seconds that the threads spent in their tasks */
    static Optional<TaskWaits> of(Set<Long> workers, Situation all, double busy) {
        return of(new Whose(workers, stack -> true), all, busy);
    }

    private static Optional<TaskWaits> of(Whose workers, Situation all, double busy) {
        Map<Key, Sum> sums = new HashMap<>();
        for (Fact.Activity each : all.activities()) {
            if (waits(each.kind())) {
                add(each.thread(), LoopHoldUps.verb(each.kind()), each.stack(), each.took(), workers, sums);
            }
        }
        for (Wait wait : all.session()
                .waits(all.range(), WaitQuery.heldUp(NOTABLE, WAITS).withoutHolders())) {
            String does = "waits for " + Words.simple(wait.lockName());
            add(wait.waiter(), does, wait.stack(), wait.waited().multipliedBy(wait.weight()), workers, sums);
        }
        return sums.entrySet().stream()
                .max(Map.Entry.comparingByValue((one, other) -> Double.compare(one.seconds, other.seconds)))
                .map(most -> new TaskWaits(
                        most.getKey().does(),
                        new Place("task", most.getKey().at(), most.getValue().stack),
                        Math.min(1, most.getValue().seconds / Math.max(1e-9, busy))))
                .filter(most -> most.share() >= MIN_SHARE);
    }

    private static void add(
            ThreadRef thread, String does, Stack stack, Duration took, Whose workers, Map<Key, Sum> sums) {
        if (workers.is(thread, stack)) {
            stack.own()
                    .ifPresent(at -> sums.computeIfAbsent(new Key(does, at), key -> new Sum(stack)).seconds +=
                            took.toNanos() / 1e9);
        }
    }

    private static boolean waits(Fact.ActivityKind kind) {
        return switch (kind) {
            case SLEEP, SOCKET_READ, SOCKET_WRITE, FILE_READ, FILE_WRITE -> true;
            case RUNNING, NATIVE, PINNED -> false;
        };
    }

    /** {@code  A task sleeps for 96 % of its time at Shop.load(Shop.java:12).} */
    String sentence() {
        return " A task " + predicate() + ".";
    }

    /** {@code sleeps for 96 % of its time at Shop.load(Shop.java:12)}. */
    String predicate() {
        return "%s for %s of its time at %s%s"
                .formatted(
                        does,
                        Words.percent(share),
                        Words.place(at.frame()),
                        EventLoopBlockedRule.calledFrom(at.stack(), at.frame()));
    }
}
