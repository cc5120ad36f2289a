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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * On which call the tasks of a pool spend most of their time without computing. Calls shorter than JFR's thresholds are not seen.
 *
 * @param does in words: {@code sleeps}
 * @param peer the one host and port that a socket is connected to; empty if it is none or there are several
 * @param share of the time in tasks
 * @param atLeast whether some calls of the time may not have been kept
 */
record TaskWaits(String does, String peer, Place at, double share, boolean atLeast) {
    private static final Duration NOTABLE = Duration.ofMillis(1);
    private static final int WAITS = 2_000;

    /** A third: with less the tasks have no call to which their time goes. */
    private static final double MIN_SHARE = 1 / 3.0;

    /** Beyond that what was not kept hardly counts. */
    private static final double NEARLY_ALL = 0.95;

    private static final Pattern LOCAL =
            Pattern.compile("(localhost|127\\.[0-9.]+|::1|0:0:0:0:0:0:0:1|ip6-localhost):\\d+");

    private record Key(String does, Frame at) {}

    /** Whose waits count, and those in which code. */
    private record Whose(Set<Long> threads, Predicate<Stack> code) {
        boolean is(ThreadRef thread, Stack stack) {
            return threads.contains(thread.id()) && code.test(stack);
        }
    }

    /** @param peer what a socket is connected to; null for other calls */
    private record Call(
            ThreadRef thread, String does, @Nullable String peer, Stack stack, Duration took) {
        static Call of(Fact.Activity activity) {
            boolean socket = activity.kind() == Fact.ActivityKind.SOCKET_READ
                    || activity.kind() == Fact.ActivityKind.SOCKET_WRITE;
            return new Call(
                    activity.thread(),
                    LoopHoldUps.verb(activity.kind()),
                    socket ? activity.detail() : null,
                    activity.stack(),
                    activity.took());
        }

        static Call of(Wait wait) {
            Duration took = wait.waited().multipliedBy(wait.weight());
            return new Call(wait.waiter(), "waits for " + Words.simple(wait.lockName()), null, wait.stack(), took);
        }
    }

    private static final class Sum {
        final Call first;
        double seconds;
        boolean onePeer = true;

        Sum(Call first) {
            this.first = first;
        }

        void add(Call call) {
            seconds += call.took().toNanos() / 1e9;
            onePeer &= Objects.equals(first.peer(), call.peer());
        }

        /** Empty also for a server's own sockets, which lead to all its clients. */
        String peer() {
            return first.peer() == null || !onePeer ? "" : first.peer();
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
                add(Call.of(each), workers, sums);
            }
        }
        for (Wait wait : all.session()
                .waits(all.range(), WaitQuery.heldUp(NOTABLE, WAITS).withoutHolders())) {
            add(Call.of(wait), workers, sums);
        }
        boolean folded = all.session().cost(all.range()).droppedHere() > 0;
        return sums.entrySet().stream()
                .max(Map.Entry.comparingByValue((one, other) -> Double.compare(one.seconds, other.seconds)))
                .map(most -> new TaskWaits(
                        most.getKey().does(),
                        most.getValue().peer(),
                        new Place(
                                "task",
                                most.getKey().at(),
                                most.getValue().first.stack()),
                        Math.min(1, most.getValue().seconds / Math.max(1e-9, busy)),
                        folded))
                .filter(most -> most.share() >= MIN_SHARE);
    }

    private static void add(Call call, Whose workers, Map<Key, Sum> sums) {
        if (workers.is(call.thread(), call.stack())) {
            call.stack()
                    .own()
                    .ifPresent(at -> sums.computeIfAbsent(new Key(call.does(), at), key -> new Sum(call))
                            .add(call));
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
        return "%s%s for %s%s of its time at %s%s"
                .formatted(
                        does,
                        peer.isEmpty() ? "" : " (" + peer + ")",
                        atLeast && share < NEARLY_ALL ? "at least " : "",
                        Words.percent(share),
                        Words.place(at.frame()),
                        CalledFrom.of(at.stack(), at.frame()));
    }

    /** What helps where the program itself is at the other end, which nothing tells for certain; empty unless that is this machine. */
    String ifOwnServer() {
        return LOCAL.matcher(peer).matches()
                ? " If it is this program that answers at " + peer
                        + ", the request waits behind those that wait for it: call the code itself, or answer such requests in a pool"
                        + " of their own."
                : "";
    }
}
