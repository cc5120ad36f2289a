// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Waits for a signal that was forgotten, an element that nobody puts, and a result that nobody computes. */
class VainWaitsTest {
    private static final LockRef BOX = new LockRef("com.acme.Box", "b0");
    private static final LockRef LINES = new LockRef("java.util.concurrent.LinkedBlockingQueue", "11");
    private static final LockRef TASK = new LockRef("java.util.concurrent.FutureTask", "f7");
    private static final Unsignalled CHANGE =
            new Unsignalled("com.acme.Box.letter", new Frame("com.acme.Box", "put", "()V", "Box.java", 21, -1));

    /** A reader waits; main sleeps. */
    private static Story waits(WaitKind kind, LockRef lock, String call, String state) {
        Story story = new Story();
        story.names.put(lock, "com.acme.Box.it");
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("reader", 'W', "main", 'S'));
            story.waitingNow(second, "reader", 7, kind, lock, null, second, kind == WaitKind.QUEUE_TAKE);
        }
        story.waits(1, "reader", lock, state, Story.stack(call, "com.acme.Box.take"));
        story.seen(2, "main", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.App.main"));
        return story;
    }

    @Test
    void theChangeWithoutASignalIsNamed() {
        Story story = waits(WaitKind.OBJECT_WAIT, BOX, "java.lang.Object.wait", "WAITING");
        story.unsignalled.put("take", CHANGE);
        Finding finding = story.check(2, 12.5).found().get(0);

        assertThat(finding.kind()).isEqualTo(Kind.LOST_WAKEUP);
        assertThat(finding.text().what())
                .startsWith("reader waits for a signal on Box.it that no code gives (12 s so far) at Box.take(");
        assertThat(finding.text().why()).contains("looks at Box.letter. Box.put(Box.java:21) changes that");
        assertThat(finding.text().change())
                .startsWith("Call notifyAll on Box.it after the change at Box.put(Box.java:21)");
    }

    @Test
    void aWaitWithALimitLooksAgain() {
        Story story = waits(WaitKind.OBJECT_WAIT, BOX, "java.lang.Object.wait", "TIMED_WAITING");
        story.unsignalled.put("take", CHANGE);

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void producersThatHaveEndedPutNothingMore() {
        Story story = waits(WaitKind.QUEUE_TAKE, LINES, "java.util.concurrent.LinkedBlockingQueue.take", "WAITING");
        story.ways.put("take", Set.of("com.acme.Box.produce"));

        assertThat(story.check(2, 12.5).found().get(0).text().what())
                .startsWith("reader waits for an element of Box.it, and nobody puts one there any more (12 s so far)");
        story.coming.add("main");
        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void aTaskOfTheServiceThatRunsGivesAResult() {
        Story story =
                waits(WaitKind.QUEUE_TAKE, LINES, "java.util.concurrent.ExecutorCompletionService.take", "WAITING");
        story.names.put(new LockRef("java.util.concurrent.ExecutorCompletionService", "11"), "done in take");
        story.ways.put("take", Set.of("com.acme.Box.produce"));
        Finding finding = story.check(2, 12.5).found().get(0);

        assertThat(finding.text().what())
                .startsWith("reader waits for a result of a task of done in take, and nobody hands one in");
        story.seen(
                3,
                "main",
                "asleep",
                "TIMED_WAITING",
                Story.stack("java.lang.Thread.sleep", "com.acme.App.main", "java.util.concurrent.FutureTask.run"));
        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void whoWaitsForTheEndOfThoseThatTakeIsNotOnTheWay() {
        LockRef end = new LockRef("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "e");
        Story story = waits(WaitKind.QUEUE_TAKE, LINES, "java.util.concurrent.LinkedBlockingQueue.take", "WAITING");
        story.ways.put("take", Set.of("com.acme.Box.produce"));
        story.coming.add("finish"); // the next round puts again
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("batch", 'C'));
            story.waitingNow(second, "batch", 7, WaitKind.CONDITION, end, null, second, false);
        }
        story.waits(
                1,
                "batch",
                end,
                "TIMED_WAITING",
                Story.stack("java.util.concurrent.ThreadPoolExecutor.awaitTermination", "com.acme.Box.finish"));

        assertThat(story.kinds(2, 12.5)).doesNotContain("lost-wakeup");
        story.ends.put("finish", "take");
        assertThat(story.check(2, 12.5).found().get(0).text().why())
                .endsWith("and no task is queued or runs. batch waits for the end of those that take.");
    }

    @Test
    void whatASchedulerHasForLaterMayPutSomething() {
        Story story = waits(WaitKind.QUEUE_TAKE, LINES, "java.util.concurrent.LinkedBlockingQueue.take", "WAITING");
        story.ways.put("take", Set.of("com.acme.Box.produce"));
        for (int second = 1; second <= 12; second++) {
            story.tell(PoolFigures.of(Map.of("size", 1, "busy", 0, "busyMost", 0, "depth", 1, "arrivals", 0))
                    .type("scheduled")
                    .at(second));
        }

        assertThat(story.kinds(2, 12.5)).doesNotContain("lost-wakeup");
    }

    @Test
    void aTaskThatNobodyRunsGivesNoResult() {
        Story story = waits(WaitKind.FUTURE, TASK, "java.util.concurrent.FutureTask.get", "WAITING");
        story.neverRun.add("take");

        Text text = story.check(2, 12.5).found().get(0).text();
        assertThat(text.what()).startsWith("reader waits for a result that nobody computes");
        assertThat(text.change()).startsWith("Hand the task to an executor");
    }

    @Test
    void aTaskThatWasDroppedGivesNoResult() {
        Story story = waits(WaitKind.FUTURE, TASK, "java.util.concurrent.FutureTask.get", "WAITING");
        story.submitting.add("take");

        assertThat(story.check(2, 12.5).found().get(0).text().what())
                .startsWith("reader waits for a result of a task that was dropped");
        story.seen(
                3,
                "main",
                "asleep",
                "TIMED_WAITING",
                Story.stack("java.lang.Thread.sleep", "com.acme.App.main", "java.util.concurrent.FutureTask.run"));
        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    private static Story forked(String type) {
        return waits(WaitKind.FUTURE, new LockRef(type, "f4"), "java.util.concurrent.ForkJoinTask.invoke", "WAITING");
    }

    @Test
    void aForkedTaskThatNobodyCompletesGivesNoResult() {
        Text text = forked("com.acme.Sum").check(2, 12.5).found().get(0).text();

        assertThat(text.what()).startsWith("reader waits for a result that nobody completes");
        assertThat(text.change()).contains("as many pending counts as it has forked tasks");
    }

    @Test
    void aForkedTaskMayBeCompletedByWhoRunsOneOrComesToIt() {
        Story runs = forked("com.acme.Sum");
        runs.states(3, Map.of("other", 'S'));
        runs.seen(
                3,
                "other",
                "asleep",
                "TIMED_WAITING",
                Story.stack(
                        "java.lang.Thread.sleep", "com.acme.Part.compute", "java.util.concurrent.ForkJoinTask.doExec"));
        Story comes = forked("com.acme.Sum");
        comes.coming.add("main");

        assertThat(runs.kinds(2, 12.5)).isEmpty();
        assertThat(comes.kinds(2, 12.5)).isEmpty();
        assertThat(forked("org.apache.Sum").kinds(2, 12.5)).isEmpty();
    }

    @Test
    void aThreadThatRunsTasksOfItsOwnMayHaveIt() {
        Story story = waits(WaitKind.FUTURE, TASK, "java.util.concurrent.FutureTask.get", "WAITING");
        story.submitting.add("take");
        story.coming.add("main");

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void whoTakesAndPutsBackIsToldOfBoth() {
        Story story = waits(WaitKind.QUEUE_TAKE, LINES, "java.util.concurrent.LinkedBlockingQueue.take", "WAITING");
        story.ways.put("take", Set.of("com.acme.Box.take"));
        story.coming.add("take");
        Text text = story.check(2, 12.5).found().get(0).text();

        assertThat(text.what()).contains("and nobody else puts one there any more");
        assertThat(text.change()).startsWith("If it lends things, put each back on every way out");
    }

    @Test
    void ofVirtualThreadsOneStandsForMany() {
        ThreadRef one = new ThreadRef(4, "request", true, 0);
        WaitForGraph.Edge edge =
                new WaitForGraph.Edge(one, 1, WaitKind.LATCH, LINES, "l", "l", null, Story.millis(9), false, 10);
        WaitForGraph.Edge other = new WaitForGraph.Edge(
                Story.thread("main"), 1, WaitKind.LATCH, LINES, "l", "l", null, Story.millis(9), false, 1);

        assertThat(StandingWaits.names(List.of(edge))).isEqualTo(one.label() + " and 9 more");
        assertThat(StandingWaits.names(List.of(other))).isEqualTo("main");
    }

    @Test
    void aTaskThatWaitsForTheEndOfItsPoolIsOneOfItsTasks() {
        Story story = ofPool(1);

        assertThat(story.kinds(2, 12.5)).doesNotContain("pool-starvation");
        story.ownEnd.add("last");
        assertThat(story.check(2, 12.5).found())
                .filteredOn(each -> each.kind() == Kind.POOL_STARVATION)
                .singleElement()
                .extracting(each -> each.text().what())
                .asString()
                .startsWith("worker-1 runs a task of worker-# that waits for worker-# itself to end (12 s so far)");
        Story moment = ofPool(0.3);
        moment.ownEnd.add("last");
        assertThat(moment.kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    @Test
    void aTaskThatEndsTheProgramWaitsForAHookThatWaitsForItsPool() {
        Story story = exits(1);

        assertThat(story.kinds(2, 12.5)).doesNotContain("pool-starvation");
        story.ends.put("stop", "fail");
        Text text = story.check(2, 12.5).found().stream()
                .filter(each -> each.kind() == Kind.POOL_STARVATION)
                .findFirst()
                .orElseThrow()
                .text();
        assertThat(text.what())
                .startsWith(
                        "worker-1 runs a task of worker-# that waits for hook, which waits for worker-# to end (12 s so far), at");
        assertThat(text.why()).startsWith("System.exit waits for all shutdown hooks to end.");
        Story moment = exits(0.3);
        moment.ends.put("stop", "fail");
        assertThat(moment.kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    /** @param speed of the age of the waits */
    private static Story exits(double speed) {
        LockRef end = new LockRef("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "e");
        LockRef hook = new LockRef("java.lang.Thread", "h");
        Story story = new Story();
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("worker-1", 'C', "hook", 'C'));
            story.waitingNow(second, "worker-1", 7, WaitKind.JOIN, hook, "hook", second * speed, false);
            story.waitingNow(second, "hook", 8, WaitKind.CONDITION, end, null, second * speed, false);
            story.pool(second, Map.of("size", 1, "busy", 1, "busyMost", 1, "arrivals", 0));
        }
        story.waits(
                1,
                "worker-1",
                hook,
                "WAITING",
                Story.stack("java.lang.Thread.join", "java.lang.Runtime.exit", "com.acme.Jobs.fail"));
        return story.waits(
                1,
                "hook",
                end,
                "TIMED_WAITING",
                Story.stack("java.util.concurrent.ThreadPoolExecutor.awaitTermination", "com.acme.Jobs.stop"));
    }

    /** @param speed of the age of the wait */
    private static Story ofPool(double speed) {
        LockRef end = new LockRef("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "e");
        Story story = new Story();
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("worker-1", 'C'));
            story.waitingNow(second, "worker-1", 7, WaitKind.CONDITION, end, null, second * speed, false);
            story.pool(second, Map.of("size", 1, "busy", 1, "busyMost", 1, "arrivals", 0));
        }
        return story.waits(
                1,
                "worker-1",
                end,
                "TIMED_WAITING",
                Story.stack("java.util.concurrent.ThreadPoolExecutor.awaitTermination", "com.acme.Jobs.last"));
    }
}
