// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waited for whom at one snapshot: an edge leads from each waiter to the owner of what it waits for.
 *
 * @param snapshot 0 if there is none at or before the instant asked for, negative for a thread dump of the JVM
 */
public record WaitForGraph(Instant at, long snapshot, List<Edge> edges) {
    /** A snapshot is not of one moment: of waits that come and go it may close a circle that never was. */
    public static final Duration DEADLOCK_AGE = Duration.ofSeconds(1);

    /** Whether the JVM took it, with all threads standing still; then no edge is older than another. */
    public boolean atOneMoment() {
        return snapshot < 0;
    }

    /**
     * One waiter.
     *
     * @param lockId {@link LockWindow#id()}
     * @param owner null if it has none or it is not known
     * @param idle waiting for work rather than held up
     * @param weight threads in the same wait that this edge stands for
     * @param missing counts or parties that have still to come before the wait ends; -1 if it is not known
     */
    public record Edge(
            ThreadRef waiter,
            long waitId,
            WaitKind kind,
            LockRef lock,
            String lockId,
            String lockName,
            @Nullable ThreadRef owner,
            Duration soFar,
            boolean idle,
            int weight,
            int missing) {
        /** A wait for what is not counted. */
        public Edge(
                ThreadRef waiter,
                long waitId,
                WaitKind kind,
                LockRef lock,
                String lockId,
                String lockName,
                @Nullable ThreadRef owner,
                Duration soFar,
                boolean idle,
                int weight) {
            this(waiter, waitId, kind, lock, lockId, lockName, owner, soFar, idle, weight, -1);
        }

        /** The same under another name. */
        public Edge called(String name) {
            return new Edge(waiter, waitId, kind, lock, lockId, name, owner, soFar, idle, weight, missing);
        }

        /** The same as a wait of another kind. */
        public Edge ofKind(WaitKind told) {
            return new Edge(waiter, waitId, told, lock, lockId, lockName, owner, soFar, idle, weight, missing);
        }

        /** The same with an owner that something else than the snapshot tells: then it is not idle. */
        public Edge ownedBy(ThreadRef concluded) {
            return new Edge(waiter, waitId, kind, lock, lockId, lockName, concluded, soFar, false, weight, missing);
        }
    }

    /**
     * All that wait, directly or through others, for one thread that waits for nobody.
     *
     * @param root the thread at the end of the chain
     * @param knots the locks on the way, those of the root first
     * @param blocked threads held up in total
     */
    public record Tree(ThreadRef root, List<Knot> knots, int blocked) {
        private boolean onlyJoins() {
            return knots.stream()
                    .flatMap(knot -> knot.waiters().stream())
                    .allMatch(edge -> edge.kind() == WaitKind.JOIN);
        }
    }

    /** One lock with its owner and those that wait for it. */
    public record Knot(LockRef lock, String lockId, String lockName, ThreadRef owner, List<Edge> waiters) {
        public int blocked() {
            return waiters.stream().mapToInt(Edge::weight).sum();
        }
    }

    /** What a thread waits for; empty if it does not wait. */
    public Optional<Edge> of(long threadId) {
        return edges.stream().filter(edge -> edge.waiter().id() == threadId).findFirst();
    }

    /** Threads held up, waiting for work not included. */
    public int blocked() {
        return edges.stream()
                .filter(edge -> !edge.idle())
                .mapToInt(Edge::weight)
                .sum();
    }

    /** From a waiter along the owners to the end: a thread that does not wait, an unknown owner, or a cycle closed once. */
    public List<Edge> chain(ThreadRef waiter) {
        Map<Long, Edge> byWaiter = byWaiter();
        List<Edge> chain = new ArrayList<>();
        Set<Long> met = new HashSet<>();
        Edge next = byWaiter.get(waiter.id());
        while (next != null && met.add(next.waiter().id())) {
            chain.add(next);
            ThreadRef owner = next.owner();
            next = owner == null ? null : byWaiter.get(owner.id());
        }
        return chain;
    }

    /** The cycles that are deadlocks: each of their waits has lasted. */
    public List<List<Edge>> deadlocks() {
        return cycles().stream()
                .filter(cycle -> cycle.stream().allMatch(edge -> edge.soFar().compareTo(DEADLOCK_AGE) >= 0))
                .toList();
    }

    /** The cycles, each once, beginning with the smallest thread id. */
    public List<List<Edge>> cycles() {
        Map<Long, Edge> byWaiter = byWaiter();
        Set<Long> done = new HashSet<>();
        List<List<Edge>> cycles = new ArrayList<>();
        for (Edge start : edges) {
            Map<Long, Edge> path = new LinkedHashMap<>();
            Edge next = start;
            while (next != null
                    && !done.contains(next.waiter().id())
                    && !path.containsKey(next.waiter().id())) {
                path.put(next.waiter().id(), next);
                ThreadRef owner = next.owner();
                next = owner == null ? null : byWaiter.get(owner.id());
            }
            if (next != null && path.containsKey(next.waiter().id())) {
                cycles.add(turned(new ArrayList<>(path.values()), next));
            }
            done.addAll(path.keySet());
        }
        return cycles;
    }

    /** Trees of waiters by the thread at their root, most threads held up first, those that wait for threads to end last of equals; cycles are not among them. */
    public List<Tree> trees() {
        Map<Long, Edge> byWaiter = byWaiter();
        Map<Long, ThreadRef> roots = new LinkedHashMap<>();
        Map<Long, Map<String, List<Edge>>> knots = new LinkedHashMap<>();
        for (Edge edge : edges) {
            Optional<ThreadRef> root = edge.idle() ? Optional.empty() : root(edge, byWaiter);
            root.ifPresent(thread -> {
                roots.putIfAbsent(thread.id(), thread);
                knots.computeIfAbsent(thread.id(), id -> new LinkedHashMap<>())
                        .computeIfAbsent(key(edge), key -> new ArrayList<>())
                        .add(edge);
            });
        }
        return roots.values().stream()
                .map(root -> tree(root, knots.getOrDefault(root.id(), Map.of())))
                .sorted(Comparator.comparing(Tree::blocked).reversed().thenComparing(Tree::onlyJoins))
                .toList();
    }

    private static Tree tree(ThreadRef root, Map<String, List<Edge>> byLock) {
        List<Knot> knots = new ArrayList<>();
        for (List<Edge> waiters : byLock.values()) {
            Edge any = waiters.get(0);
            ThreadRef owner = any.owner();
            if (owner != null) {
                knots.add(new Knot(any.lock(), any.lockId(), any.lockName(), owner, List.copyOf(waiters)));
            }
        }
        knots.sort((a, b) -> a.owner().id() == root.id() == (b.owner().id() == root.id())
                ? Integer.compare(b.blocked(), a.blocked())
                : a.owner().id() == root.id() ? -1 : 1);
        return new Tree(root, knots, knots.stream().mapToInt(Knot::blocked).sum());
    }

    private static Optional<ThreadRef> root(Edge from, Map<Long, Edge> byWaiter) {
        Set<Long> met = new LinkedHashSet<>();
        Edge edge = from;
        while (met.add(edge.waiter().id())) {
            ThreadRef owner = edge.owner();
            if (owner == null) {
                return edge.equals(from) ? Optional.empty() : Optional.of(edge.waiter());
            }
            Edge next = byWaiter.get(owner.id());
            if (next == null || next.idle()) {
                return Optional.of(owner);
            }
            edge = next;
        }
        return Optional.empty(); // leads into a cycle
    }

    private static String key(Edge edge) {
        ThreadRef owner = edge.owner();
        return edge.lockId() + "/" + edge.lock().identity() + "/" + (owner == null ? -1 : owner.id());
    }

    /** Cuts the run-up off a path and turns the cycle so that it begins with its smallest thread. */
    private static List<Edge> turned(List<Edge> path, Edge closing) {
        List<Edge> cycle = path.subList(path.indexOf(closing), path.size());
        int smallest = 0;
        for (int i = 1; i < cycle.size(); i++) {
            if (cycle.get(i).waiter().id() < cycle.get(smallest).waiter().id()) {
                smallest = i;
            }
        }
        List<Edge> turned = new ArrayList<>(cycle.subList(smallest, cycle.size()));
        turned.addAll(cycle.subList(0, smallest));
        return List.copyOf(turned);
    }

    private Map<Long, Edge> byWaiter() {
        Map<Long, Edge> byWaiter = new LinkedHashMap<>();
        for (Edge edge : edges) {
            byWaiter.putIfAbsent(edge.waiter().id(), edge);
        }
        return byWaiter;
    }
}
