// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Range;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds threads that do not get a lock although it is given back again and again: readers keep coming, each of which has it for a moment, or the one
 * that gives it back takes it again before those that wait have woken up.
 *
 * <p>Nobody in particular is in the way. Three threads and more were seen with the lock since the wait began: named by the JVM in different snapshots or,
 * of what nobody owns, by the code in which they stood. Or the owner did more than one could count in a method that by its code gives the lock
 * back each time.
 */
record PassedByRule(Duration minWait, int minHolders, int minHolds) implements Rule<LockWindow> {
    static final PassedByRule DEFAULT = new PassedByRule(Duration.ofSeconds(3), 3, 20);
    private static final int NAMED = 3;
    private static final Set<WaitKind> KINDS =
            EnumSet.of(WaitKind.WRITE, WaitKind.STAMPED, WaitKind.LOCK, WaitKind.SEMAPHORE);

    /**
     * What was seen since the wait began.
     *
     * @param holders with a stack if one was seen
     * @param holds that were given back for certain
     */
    private record Seen(Map<ThreadRef, Stack> holders, long holds) {}

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        if (!KINDS.contains(lock.kind()) || !trouble.stuck()) {
            return Verdict.CLEAR;
        }
        Optional<WaitForGraph.Edge> longest = all.session().graph(all.range().to()).edges().stream()
                .filter(edge -> edge.lockId().equals(lock.id()) && edge.soFar().compareTo(minWait) >= 0)
                .max(Comparator.comparing(WaitForGraph.Edge::soFar));
        if (longest.isEmpty()) {
            return Verdict.CLEAR;
        }
        WaitForGraph.Edge edge = longest.get();
        Seen seen = seen(edge, all);
        boolean byTurns = lock.kind() != WaitKind.SEMAPHORE && seen.holders().size() >= minHolders;
        return byTurns || seen.holds() >= minHolds
                ? new Verdict.Found(new Finding.LockContention(trouble.details(text(trouble, edge, seen)), lock))
                : Verdict.CLEAR;
    }

    private static Seen seen(WaitForGraph.Edge edge, Situation all) {
        Instant began = all.range().to().minus(edge.soFar());
        Map<ThreadRef, Stack> holders = new LinkedHashMap<>();
        for (WaitForGraph graph : all.graphs()) {
            graph.edges().stream()
                    .filter(each ->
                            each.lock().equals(edge.lock()) && !graph.at().isBefore(began))
                    .flatMap(each -> Stream.ofNullable(each.owner()))
                    .forEach(owner -> holders.putIfAbsent(owner, Stack.EMPTY));
        }
        Range since = new Range(began, all.range().to().plusNanos(1));
        long holds = 0;
        for (Fact.Activity each : all.session().activities(since)) {
            boolean has = all.session().code().owes(each.stack()).stream().anyMatch(owed -> isOf(owed, edge));
            if (has || holders.containsKey(each.thread())) {
                holders.merge(each.thread(), each.stack(), (one, other) -> one.isEmpty() ? other : one);
                holds += all.session().code().heldOnce(each.stack()).isPresent() ? 1 : 0;
            }
        }
        holders.remove(edge.waiter());
        return new Seen(holders, holds);
    }

    private static boolean isOf(Owed owed, WaitForGraph.Edge edge) {
        return owed.taken() && owed.kind() == edge.kind() && owed.name().equals(edge.lockName());
    }

    private Text text(LockTrouble trouble, WaitForGraph.Edge edge, Seen seen) {
        List<String> names =
                seen.holders().keySet().stream().map(ThreadRef::label).toList();
        String at = seen.holders().values().stream()
                .flatMap(stack -> stack.site().stream())
                .findFirst()
                .map(frame -> " at " + Words.place(frame))
                .orElse("");
        String thing = edge.kind() == WaitKind.SEMAPHORE ? "a permit of " + trouble.name() : trouble.name();
        return new Text(
                "%s %s for %s (%s so far), which %s."
                        .formatted(
                                trouble.waiters(),
                                trouble.lock.waiters() == 1 ? "waits" : "wait",
                                thing,
                                Words.time(edge.soFar()),
                                byWhom(edge.kind(), names)),
                "No one keeps it: " + named(names) + " had it since then"
                        + (at.isEmpty() ? "" : ", such as" + at)
                        + (seen.holds() == 0
                                ? ""
                                : ", and by the code it was given back " + Words.count(seen.holds(), "time"))
                        + ". Whenever that happens others have it still or take it before those that wait.",
                trouble.cost(),
                change(edge.kind()) + ", or let it be had less often and for less time" + at + ".",
                "Who waits gets it as soon as those that have it then have given it back.",
                trouble.certainty() + " Who had it is known for the moments at which it was looked.",
                "A wait of at least %s, and %d threads that had it meanwhile or %d holds; here %s, %d and %d."
                        .formatted(
                                Words.time(minWait),
                                minHolders,
                                minHolds,
                                Words.time(edge.soFar()),
                                names.size(),
                                seen.holds()));
    }

    /** A reader that the JVM names stands for all of them. */
    private static String byWhom(WaitKind kind, List<String> names) {
        return names.size() > 1
                ? names.size() + " other threads have by turns"
                : kind == WaitKind.WRITE
                        ? "readers such as " + names.get(0) + " have by turns"
                        : names.get(0) + " gives back and takes again";
    }

    private static String named(List<String> names) {
        return names.size() <= NAMED
                ? Words.list(names)
                : String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
    }

    private static String change(WaitKind kind) {
        return switch (kind) {
            case STAMPED ->
                "Let readers stand in line: readLock() instead of tryReadLock(), which passes by those that wait";
            case WRITE ->
                "Let readers stand in line: lock() instead of tryLock() without a time limit, which passes by those that wait, or new ReentrantReadWriteLock(true)";
            case SEMAPHORE -> "Make it fair, so that those that wait come first: new Semaphore(permits, true)";
            default -> "Make it fair, so that those that wait come first: new ReentrantLock(true)";
        };
    }
}
