// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds work that a library lets through one after the other while other threads of the same pool have nothing to do.
 *
 * <p>Executors that keep an order run the tasks in their queue within one task of a pool, and that one ends as soon as the queue is empty. Where it
 * does not end and calls follow each other that no loop makes, each found the next one waiting.
 */
record OneLaneRule(int minCalls, Duration minLength, double minShare) implements Rule<PoolWindow> {
    static final OneLaneRule DEFAULT = new OneLaneRule(10, Duration.ofSeconds(5), 0.5);

    /**
     * @param method as class and name, in which the queue is worked off
     * @param change what to do where no order is needed
     */
    private record Lane(String method, String change) {}

    private static final List<Lane> LANES = List.of(
            new Lane(
                    "io.vertx.core.impl.TaskQueue.run",
                    "tell executeBlocking or blockingHandler so (ordered = false), or deploy more instances of a worker verticle"),
            new Lane(
                    "com.google.common.util.concurrent.SequentialExecutor$QueueWorker.workOnQueue",
                    "hand them to the pool itself, or make one sequential executor for each order that has to be kept"),
            new Lane(
                    "io.grpc.internal.SerializingExecutor.run",
                    "hand what waits on to another executor: the messages of one call come one after the other"));

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        boolean oneTask = pool.seesTasks()
                && threads(pool) > 1
                && pool.completions() == 0
                && pool.busyMax() == 1
                && pool.observed().compareTo(minLength) >= 0;
        if (!oneTask) {
            return Verdict.CLEAR;
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        Map<Long, List<Fact.Activity>> byThread = all.activities().stream()
                .filter(each -> trouble.workers().stream()
                        .anyMatch(
                                worker -> worker.thread().id() == each.thread().id()))
                .filter(each -> lane(each.stack()).isPresent() && all.session().waitsOnce(task(each.stack())))
                .collect(Collectors.groupingBy(each -> each.thread().id()));
        return byThread.values().stream()
                .filter(calls -> calls.size() >= minCalls && share(calls, pool) >= minShare)
                .max(Comparator.comparing(List::size))
                .<Verdict>map(calls -> new Verdict.Found(finding(trouble, calls)))
                .orElse(Verdict.CLEAR);
    }

    /** That it has or starts as soon as there are tasks. */
    private static int threads(PoolWindow pool) {
        return Math.max(pool.size(), pool.coreSize());
    }

    private static double share(List<Fact.Activity> calls, PoolWindow pool) {
        return calls.stream().mapToLong(each -> each.took().toNanos()).sum() / 1e9 / pool.observedSeconds();
    }

    private static Optional<Lane> lane(Stack stack) {
        return LANES.stream()
                .filter(lane -> stack.frames().stream().anyMatch(frame -> isIn(lane, frame)))
                .findFirst();
    }

    private static boolean isIn(Lane lane, Frame frame) {
        return lane.method.equals(frame.className() + "." + frame.method());
    }

    /** The code of a task in the queue, without the JDK's. */
    private static Stack task(Stack stack) {
        List<Frame> code = new ArrayList<>();
        for (Frame frame : stack.frames()) {
            if (LANES.stream().anyMatch(lane -> isIn(lane, frame))) {
                break;
            }
            if (!frame.isJdk()) {
                code.add(frame);
            }
        }
        return new Stack(code);
    }

    private Finding finding(PoolTrouble trouble, List<Fact.Activity> calls) {
        PoolWindow pool = trouble.pool;
        Stack stack = calls.get(0).stack();
        Lane lane = lane(stack).orElseThrow();
        String type = lane.method.substring(0, lane.method.lastIndexOf('.'));
        String executor = Words.simple(type).replaceFirst("\\$.*", "");
        Optional<Frame> site = stack.own();
        String at = site.map(frame -> " at " + Words.place(frame) + CalledFrom.of(stack, frame))
                .orElse("");
        String seen = Words.time(pool.observed());
        Text text = new Text(
                "One of the %d threads of %s does all the work, because %s lets one task after the other run; the others have nothing to do."
                        .formatted(threads(pool), pool.name(), executor),
                "%s waited%s %d times in %s and never found the queue of %s empty between two tasks."
                        .formatted(calls.get(0).thread().label(), at, calls.size(), seen, executor),
                "At least one task waits all the time; how many more do cannot be seen from here.",
                "If these tasks need not follow each other, " + lane.change + at.replaceFirst(" at ", " (they wait at ")
                        + (at.isEmpty() ? "." : ")."),
                "As many tasks run at once as " + pool.name() + " has threads.",
                "Exact: the pool's one task, which ends when the queue is empty, did not end; calls of it that waited are counted above JFR's threshold.",
                "One task of a pool that does not end for %s, with %d calls and more that wait and no loop makes; here %d calls in %s."
                        .formatted(Words.time(minLength), minCalls, calls.size(), seen));
        return new Finding.OneLane(trouble.details(
                text,
                new Impact(1, 1),
                site.map(frame -> List.of(new Place("task", frame, stack))).orElse(List.of())));
    }
}
