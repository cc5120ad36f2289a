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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a writer that never gets its turn: readers keep coming, and each has the lock for a moment only.
 *
 * <p>Nobody in particular is in the way. Three threads and more were seen with the lock since the wait began, one after the other: named by the JVM in
 * different snapshots, or, of a stamped lock, by the code in which they stood.
 */
record PassedByRule(Duration minWait, int minHolders) implements Rule<LockWindow> {
    static final PassedByRule DEFAULT = new PassedByRule(Duration.ofSeconds(3), 3);
    private static final int NAMED = 3;

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean writer = lock.kind() == WaitKind.WRITE || lock.kind() == WaitKind.STAMPED;
        if (!writer || !trouble.stuck()) {
            return Verdict.CLEAR;
        }
        Optional<WaitForGraph.Edge> longest = all.session().graph(all.range().to()).edges().stream()
                .filter(edge -> edge.lockId().equals(lock.id()) && edge.soFar().compareTo(minWait) >= 0)
                .max(Comparator.comparing(WaitForGraph.Edge::soFar));
        if (longest.isEmpty()) {
            return Verdict.CLEAR;
        }
        WaitForGraph.Edge edge = longest.get();
        Map<ThreadRef, Stack> holders = holders(edge, all);
        return holders.size() < minHolders
                ? Verdict.CLEAR
                : new Verdict.Found(new Finding.LockContention(trouble.details(text(trouble, edge, holders)), lock));
    }

    /** Who had it since the wait began, with a stack if one was seen. */
    private static Map<ThreadRef, Stack> holders(WaitForGraph.Edge edge, Situation all) {
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
        for (Fact.Activity each : all.session().activities(since)) {
            boolean has = all.session().code().owes(each.stack()).stream().anyMatch(owed -> isOf(owed, edge));
            if (has || holders.containsKey(each.thread())) {
                holders.merge(each.thread(), each.stack(), (one, other) -> one.isEmpty() ? other : one);
            }
        }
        holders.remove(edge.waiter());
        return holders;
    }

    private static boolean isOf(Owed owed, WaitForGraph.Edge edge) {
        return owed.taken() && owed.kind() == edge.kind() && owed.name().equals(edge.lockName());
    }

    private Text text(LockTrouble trouble, WaitForGraph.Edge edge, Map<ThreadRef, Stack> holders) {
        List<String> names = holders.keySet().stream().map(ThreadRef::label).toList();
        String named = names.size() <= NAMED
                ? Words.list(names)
                : String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
        String at = holders.values().stream()
                .flatMap(stack -> stack.site().stream())
                .findFirst()
                .map(frame -> ", such as at " + Words.place(frame))
                .orElse("");
        boolean stamped = edge.kind() == WaitKind.STAMPED;
        return new Text(
                "%s %s for %s (%s so far), which %d other threads have by turns."
                        .formatted(
                                trouble.waiters(),
                                trouble.lock.waiters() == 1 ? "waits" : "wait",
                                trouble.name(),
                                Words.time(edge.soFar()),
                                names.size()),
                "No one keeps it: " + named + " had it since then" + at
                        + ", and whenever one gives it back others have it or take it.",
                trouble.cost(),
                (stamped
                                ? "Let readers stand in line: readLock() instead of tryReadLock(), which passes by those that wait"
                                : "Let readers stand in line: lock() instead of tryLock() without a time limit, which passes by those that wait, or new ReentrantReadWriteLock(true)")
                        + "; or let them have it less often and for less time" + at.replace(", such as", ",") + ".",
                "The writer gets it as soon as those that have it then have given it back.",
                trouble.certainty() + " Who had it is known for the moments at which it was looked.",
                "A wait of at least %s and %d threads that had it meanwhile; here %s and %d."
                        .formatted(Words.time(minWait), minHolders, Words.time(edge.soFar()), names.size()));
    }
}
