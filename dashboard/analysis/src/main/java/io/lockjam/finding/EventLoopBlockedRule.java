// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds event loops that were held up: a thread on which many connections or events depend slept, waited or read.
 *
 * <p>A loop is known by the names that libraries give, by a selector on its stack, or as the only thread of a busy pool. Fifty
 * milliseconds is where people begin to notice (RAIL, 2015: 100 ms for the whole reaction); five blocking calls of 5 ms count as much, because none
 * belongs on a loop. Waiting in the selector is the loop's rest, not a hold-up.
 */
record EventLoopBlockedRule(Duration minHoldUp, Duration minShort, int minShortCalls) implements Rule<Situation> {
    static final EventLoopBlockedRule DEFAULT =
            new EventLoopBlockedRule(Duration.ofMillis(50), Duration.ofMillis(5), 5);
    private static final Pattern NAMES = Pattern.compile(
            "(?i).*(event-?loop|nioEventLoopGroup|epollEventLoop|vert\\.x-eventloop|reactor-(http|tcp)-(nio|epoll)|XNIO-\\d+ I/O"
                    + "|AWT-EventQueue|JavaFX Application Thread|webflux-http).*");
    private static final int WAITS = 2_000;
    private static final double BUSY_POOL_TASKS = 5;

    /**
     * One time a loop was held up.
     *
     * @param did what the thread did, as a verb
     */
    private record HoldUp(ThreadRef thread, Instant end, Duration took, String did, Stack stack) {}

    @Override
    public Kind kind() {
        return Kind.EVENT_LOOP_BLOCKED;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<Finding> found = findAll(all);
        return found.isEmpty() ? Verdict.CLEAR : new Verdict.Found(found.get(0));
    }

    /** One for each loop and line. */
    List<Finding> findAll(Situation all) {
        Map<Long, ThreadRef> loops = loops(all);
        if (loops.isEmpty()) {
            return List.of();
        }
        Map<String, List<HoldUp>> byPlace = new LinkedHashMap<>();
        for (HoldUp each : holdUps(loops, all)) {
            String site = each.stack().site().map(Frame::display).orElse("");
            byPlace.computeIfAbsent(each.thread().group() + "|" + site, place -> new ArrayList<>())
                    .add(each);
        }
        List<Finding> found = new ArrayList<>();
        byPlace.forEach((place, holdUps) -> {
            boolean isLong = holdUps.stream().anyMatch(each -> each.took().compareTo(minHoldUp) >= 0);
            if (isLong || holdUps.size() >= minShortCalls) {
                found.add(finding(place, holdUps, all));
            }
        });
        return found;
    }

    private static Map<Long, ThreadRef> loops(Situation all) {
        Map<Long, ThreadRef> loops = new HashMap<>();
        for (ThreadWindow thread : all.threads()) {
            if (NAMES.matcher(thread.thread().name()).matches() || selects(thread.stack())) {
                loops.put(thread.thread().id(), thread.thread());
            }
        }
        all.samples().stream()
                .filter(sample -> selects(sample.stack()))
                .forEach(sample -> loops.put(sample.thread().id(), sample.thread()));
        all.session().stacks(all.range()).stream()
                .filter(seen -> selects(seen.stack()))
                .forEach(seen -> loops.put(seen.thread().id(), seen.thread()));
        for (PoolWindow pool : all.pools()) {
            // a scheduler never grows beyond its core size, whatever its maximum says
            int most = pool.type().equals("scheduled") ? pool.coreSize() : pool.maxSize();
            boolean alone = pool.size() == 1 && most == 1 && pool.arrivalsPerSecond() >= BUSY_POOL_TASKS;
            if (alone && !pool.type().equals("slots")) {
                new PoolTrouble(pool, all)
                        .workers()
                        .forEach(each -> loops.put(each.thread().id(), each.thread()));
            }
        }
        return loops;
    }

    private static boolean selects(Stack stack) {
        return stack.frames().stream()
                .limit(8)
                .anyMatch(frame -> frame.className().startsWith("sun.nio.ch.")
                        && frame.className().contains("SelectorImpl"));
    }

    private List<HoldUp> holdUps(Map<Long, ThreadRef> loops, Situation all) {
        List<HoldUp> found = new ArrayList<>();
        for (Fact.Activity each : all.activities()) {
            boolean counts =
                    each.kind() != Fact.ActivityKind.PINNED && each.took().compareTo(minShort) >= 0;
            if (counts && loops.containsKey(each.thread().id()) && !selects(each.stack())) {
                found.add(new HoldUp(each.thread(), each.at(), each.took(), verb(each.kind()), each.stack()));
            }
        }
        for (Wait wait : all.session().waits(all.range(), WaitQuery.heldUp(minShort, WAITS))) {
            boolean counts = wait.ended() && (wait.kind().isLock() || forResult(wait));
            if (counts && loops.containsKey(wait.waiter().id())) {
                found.add(new HoldUp(
                        wait.waiter(),
                        wait.end(),
                        wait.waited(),
                        "waits for " + Words.simple(wait.lockName()),
                        wait.stack()));
            }
        }
        return found;
    }

    private static boolean forResult(Wait wait) {
        return switch (wait.kind()) {
            case FUTURE, LATCH, BARRIER, JOIN -> true;
            default -> false;
        };
    }

    private static String verb(Fact.ActivityKind kind) {
        return switch (kind) {
            case SLEEP -> "sleeps";
            case SOCKET_READ -> "reads a socket";
            case SOCKET_WRITE -> "writes to a socket";
            case FILE_READ -> "reads a file";
            case FILE_WRITE -> "writes a file";
            case RUNNING -> "computes";
            case NATIVE -> "is in a native method";
            case PINNED -> "is pinned";
        };
    }

    /** The next frame of the application: what blocks is often a thin wrapper around the call. */
    private static String calledFrom(Stack stack, Frame site) {
        return stack.frames().stream()
                .skip(stack.frames().indexOf(site) + 1L)
                .filter(frame -> !frame.isJdk())
                .findFirst()
                .map(frame -> ", called from " + Words.place(frame))
                .orElse("");
    }

    private Finding finding(String place, List<HoldUp> holdUps, Situation all) {
        List<HoldUp> sorted = holdUps.stream()
                .sorted(Comparator.comparing(HoldUp::took).reversed())
                .toList();
        HoldUp worst = sorted.get(0);
        Duration total = holdUps.stream().map(HoldUp::took).reduce(Duration.ZERO, Duration::plus);
        Optional<Frame> site = worst.stack().site();
        String at = site.map(frame -> " at " + Words.place(frame) + calledFrom(worst.stack(), frame))
                .orElse("");
        double share = Math.min(1, total.toNanos() / 1e9 / all.seconds());
        Text text = new Text(
                "The event loop %s %s for %s%s; everything else on it waits."
                        .formatted(worst.thread().label(), worst.did(), Words.time(worst.took()), at),
                "A loop serves all its connections with one thread; it was held up " + holdUps.size()
                        + " times by this call.",
                Words.percent(share) + " of the loop's time is lost, " + Words.time(total) + " in "
                        + Words.time(all.range().length()) + ".",
                "Make the call" + at + ", on a worker thread and come back to the loop with the answer.",
                "The loop's longest delay falls from " + Words.time(worst.took()) + " to what its own work takes.",
                "Exact: begin and end of each call are recorded above JFR's threshold.",
                "One call of %s or %d of %s; here %d, the longest %s."
                        .formatted(
                                Words.time(minHoldUp),
                                minShortCalls,
                                Words.time(minShort),
                                holdUps.size(),
                                Words.time(worst.took())));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("holdUps", holdUps.size());
        evidence.put("longest", worst.took().toNanos());
        evidence.put("total", total.toNanos());
        List<Place> where = new ArrayList<>();
        site.ifPresent(frame -> where.add(new Place("task", frame, worst.stack())));
        return new Finding.EventLoopBlocked(new Details(
                place,
                all.range(),
                new Subject("loop", "java.lang.Thread", worst.thread().group(), "0", ""),
                text,
                new Impact(share, 1),
                where,
                holdUps.stream()
                        .map(each -> each.thread().label())
                        .distinct()
                        .limit(50)
                        .toList(),
                evidence,
                List.of()));
    }
}
