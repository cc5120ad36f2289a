// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds virtual threads that wait and have kept their carrier for long: JFR tells a pin when it ends.
 *
 * <p>If they have all carriers, no other virtual thread can run. Whoever is to give them the lock that they want, or to take it before them, may be
 * one of those: then none of them ever goes on.
 */
record StillPinnedRule(Duration minPin) implements Rule<Situation> {
    static final StillPinnedRule DEFAULT = new StillPinnedRule(Duration.ofSeconds(3));

    /** For so long the agent looks before it tells. */
    private static final Duration UNTOLD = Duration.ofSeconds(2);
    /** It tells each second, as far as its budget goes. */
    private static final Duration APART = Duration.ofSeconds(4);

    private static final double BUSY = 0.9;

    private static final Set<WaitKind> OWNED = EnumSet.of(WaitKind.LOCK, WaitKind.READ, WaitKind.WRITE);

    /**
     * A pin that goes on.
     *
     * @param first when it was told first
     */
    private record Pin(Instant first, Fact.StackSeen last) {}

    /**
     * All that go on.
     *
     * @param lasts the longest
     * @param pool of all carriers, if they have them all while others could run
     * @param lock that they can never get
     */
    private record Pins(List<Pin> all, Duration lasts, Optional<PoolWindow> pool, Optional<WaitForGraph.Edge> lock) {
        Stack stack() {
            return all.get(0).last().stack();
        }

        List<String> threads() {
            return Words.labels(all.stream().map(pin -> pin.last().thread()));
        }
    }

    @Override
    public Kind kind() {
        return Kind.VIRTUAL_THREAD_PINNED;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<Pin> pins = pins(all);
        Instant to = all.range().to();
        Duration lasts = pins.stream()
                .map(pin -> Duration.between(pin.first(), to).plus(UNTOLD))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        if (lasts.compareTo(minPin) < 0) {
            return Verdict.CLEAR;
        }
        Optional<PoolWindow> full = all.carriers().stream()
                .filter(pool -> pins.size() >= pool.size() && pool.queueDepth() > 0)
                .findFirst();
        return new Verdict.Found(finding(
                new Pins(pins, lasts, full, full.flatMap(pool -> outOfReach(pins, all))), all));
    }

    private static List<Pin> pins(Situation all) {
        Map<Long, Pin> byThread = new LinkedHashMap<>();
        Instant to = all.range().to();
        for (Fact.StackSeen each : all.session().stacks(all.session().kept())) {
            if (each.reason().equals("pinned") && !each.at().isAfter(to)) {
                byThread.merge(
                        each.thread().id(),
                        new Pin(each.at(), each),
                        (before, now) -> before.last().at().plus(APART).isBefore(now.first())
                                ? now
                                : new Pin(before.first(), now.last()));
            }
        }
        List<Pin> pins = new ArrayList<>(byThread.values());
        pins.removeIf(pin -> pin.last().at().plus(APART).isBefore(to) || hasEnded(pin, all));
        return pins;
    }

    /** Whether it is one short pin after the other. */
    private static boolean hasEnded(Pin pin, Situation all) {
        return all.activities().stream()
                .anyMatch(each -> each.kind() == Fact.ActivityKind.PINNED
                        && each.thread().equals(pin.last().thread())
                        && each.at().isAfter(pin.first()));
    }

    /** The lock that all of them want, if who has it is a virtual thread without a carrier, or nobody has it and the next in line is one. */
    private static Optional<WaitForGraph.Edge> outOfReach(List<Pin> pins, Situation all) {
        Set<Optional<LockRef>> locks =
                pins.stream().map(pin -> Optional.ofNullable(pin.last().lock())).collect(Collectors.toSet());
        if (locks.size() != 1
                || !pins.stream().allMatch(pin -> pin.last().state().equals("WAITING"))) {
            return Optional.empty();
        }
        return all.session().graph(all.range().to()).edges().stream()
                .filter(edge -> OWNED.contains(edge.kind()) && locks.contains(Optional.of(edge.lock())))
                .filter(edge -> edge.owner() == null || isAway(edge.owner(), pins))
                .findFirst();
    }

    private static boolean isAway(ThreadRef owner, List<Pin> pins) {
        return owner.virtual()
                && pins.stream().noneMatch(pin -> pin.last().thread().equals(owner));
    }

    private Finding finding(Pins pins, Situation all) {
        Stack stack = pins.stack();
        String at = VirtualThreadPinnedRule.at(stack);
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("pinned", pins.all().size());
        evidence.put("longest", pins.lasts().toNanos());
        pins.pool().ifPresent(pool -> evidence.put("withoutCarrier", pool.queueDepth()));
        int waiting = pins.pool().map(PoolWindow::queueDepth).orElse(0);
        return new Finding.VirtualThreadPinned(
                new Details(
                        "still"
                                + stack.site()
                                        .map(frame -> " " + frame.display())
                                        .orElse(""),
                        all.range(),
                        new Subject("thread", "java.lang.VirtualThread", "virtual threads" + at, "0", ""),
                        text(pins, at, all),
                        new Impact(pins.all().size() + waiting, pins.all().size() + waiting),
                        Place.of("holder", stack),
                        pins.threads(),
                        evidence,
                        List.of()),
                pins.lock().isPresent() ? Severity.ERROR : Severity.WARNING,
                pins.lock().map(WaitForGraph.Edge::lockId).orElse(""));
    }

    private Text text(Pins pins, String at, Situation all) {
        int count = pins.all().size();
        String lasts = Words.time(pins.lasts());
        String keep = count == 1 ? "keeps %s while it waits" : "keep %s while they wait";
        String carriers = pins.pool().isPresent()
                ? pins.pool().get().size() == 1
                        ? "the only carrier"
                        : "all " + pins.pool().get().size() + " carriers"
                : count == 1 ? "its carrier" : "their carriers";
        String none = pins.pool()
                .or(() ->
                        all.carriers().stream().filter(StillPinnedRule::isBusy).findFirst())
                .map(StillPinnedRule::without)
                .orElse("");
        return new Text(
                "%s %s%s, for %s so far%s."
                        .formatted(Words.count(count, "virtual thread"), keep.formatted(carriers), at, lasts, none),
                (count == 1 ? "It" : "They")
                        + " cannot leave the carrier because of a native frame or, before JDK 24, a monitor."
                        + pins.lock().map(StillPinnedRule::never).orElse(""),
                Words.count(count, "carrier")
                        + (count == 1 ? " is lost" : " are lost")
                        + (all.cores() > 0 ? " of about " + Words.number(all.cores()) + "." : "."),
                VirtualThreadPinnedRule.change(pins.stack(), at),
                "The carriers run other virtual threads meanwhile.",
                "From looks several times a second: each time the same threads waited and had a carrier.",
                "A pin of %s that goes on; here %s.".formatted(Words.time(minPin), lasts));
    }

    /** Whether the other carriers are taken as well, as by threads that wait for the class which the pinned one initialises. */
    private static boolean isBusy(PoolWindow pool) {
        return pool.queueDepth() > 0 && pool.queueDepthMean() >= 1 && pool.busyMean() >= BUSY * pool.size();
    }

    private static String without(PoolWindow pool) {
        return ": " + Words.count(pool.queueDepth(), "other") + " could run but "
                + (pool.queueDepth() == 1 ? "has" : "have") + " none";
    }

    private static String never(WaitForGraph.Edge edge) {
        ThreadRef owner = edge.owner();
        return " They never will: they wait for " + edge.lockName() + ", which "
                + (owner == null
                        ? "nobody has, but the virtual thread that is next in line for it has no carrier."
                        : owner.label() + " has, and that has no carrier to give it back.");
    }
}
