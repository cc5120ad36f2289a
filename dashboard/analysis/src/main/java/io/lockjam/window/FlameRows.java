// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Merges the stacks of waits and samples into a {@link Flame}. */
final class FlameRows {
    private final Memory memory;
    private final Range range;
    private final Predicate<ThreadRef> scope;
    private final KeptShares shares;
    private final Building root = new Building("all", "code");
    /** By stack, then by kind. Stacks are interned and few, waits are many: each stack is merged once. */
    private final IdentityHashMap<Stack, Map<String, Sum>> sums = new IdentityHashMap<>();

    private static final class Sum {
        long nanos;
        long count;
    }

    private static final class Building {
        final String frame;
        String kind;
        long nanos;
        final Map<String, Building> children = new LinkedHashMap<>();

        Building(String frame, String kind) {
            this.frame = frame;
            this.kind = kind;
        }

        Flame.Node node() {
            List<Flame.Node> nodes = children.values().stream()
                    .map(Building::node)
                    .sorted(Comparator.comparing(Flame.Node::nanos).reversed().thenComparing(Flame.Node::frame))
                    .toList();
            return new Flame.Node(frame, kind, nanos, nodes);
        }
    }

    FlameRows(Memory memory, Range range, Predicate<ThreadRef> scope) {
        this.memory = memory;
        this.range = range;
        this.scope = scope;
        this.shares = new KeptShares(memory, range);
    }

    /** @param observers whether samples of the threads that are there because of us are included */
    Flame build(Flame.Mode mode, boolean idle, boolean observers) {
        for (Second second : memory.in(range)) {
            if (mode != Flame.Mode.CPU) {
                waits(second, idle);
            }
            if (mode != Flame.Mode.WAIT) {
                second.samples().forEach(sample -> {
                    boolean counts = sample.kind == Fact.ActivityKind.RUNNING && scope.test(sample.thread);
                    if (counts && (observers || !memory.threads.isObserver(sample.thread))) {
                        add(sample.stack, "code", sample.nanos, sample.count);
                    }
                });
            }
        }
        long samples = 0;
        for (Map.Entry<Stack, Map<String, Sum>> stack : sums.entrySet()) {
            List<String> frames =
                    stack.getKey().shown().stream().map(Frame::display).toList();
            for (Map.Entry<String, Sum> kind : stack.getValue().entrySet()) {
                merge(frames, kind.getKey(), kind.getValue().nanos);
                samples += kind.getValue().count;
            }
        }
        return new Flame(mode, root.node(), root.nanos, samples);
    }

    private static String kind(Account.Part part) {
        return switch (part) {
            case LOCK -> "lock";
            case QUEUE -> "queue";
            case IO -> "io";
            default -> "idle";
        };
    }

    private void waits(Second second, boolean idle) {
        for (Second.KeptWait wait : second.waits) {
            Account.Part part = Parts.of(wait.fact.kind(), wait.idle, wait.fact.stack());
            if ((idle || part != Account.Part.IDLE) && scope.test(wait.fact.waiter())) {
                add(wait.fact.stack(), kind(part), shares.nanos(wait), wait.fact.weight());
            }
        }
        for (Fact.Activity each : second.blocking) {
            boolean sleep = each.kind() == Fact.ActivityKind.SLEEP;
            if (each.kind() != Fact.ActivityKind.PINNED && (idle || !sleep) && scope.test(each.thread())) {
                add(each.stack(), sleep ? "sleep" : "io", each.took().toNanos(), 1);
            }
        }
    }

    private void add(Stack stack, String kind, long nanos, int count) {
        if (!stack.isEmpty()) {
            Sum sum = sums.computeIfAbsent(stack, key -> new HashMap<>()).computeIfAbsent(kind, key -> new Sum());
            sum.nanos += nanos;
            sum.count += count;
        }
    }

    private void merge(List<String> frames, String kind, long nanos) {
        root.nanos += nanos;
        Building at = root;
        for (int i = frames.size() - 1; i >= 0; i--) {
            String text = frames.get(i);
            at = at.children.computeIfAbsent(i == 0 ? text + "|" + kind : text, key -> new Building(text, "code"));
            at.nanos += nanos;
        }
        at.kind = kind;
    }
}
