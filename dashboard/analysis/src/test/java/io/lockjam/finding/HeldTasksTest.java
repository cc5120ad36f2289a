// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pools of which some threads wait for a task that is queued behind all of them, and the others for what those keep or are to put. */
class HeldTasksTest {
    private static final LockRef LINES = new LockRef("java.util.concurrent.LinkedBlockingQueue", "11");

    /** worker-1 waits for a result with a lock that worker-2 wants; tasks are queued. */
    private static Story locked() {
        return locked(Story.OTHER);
    }

    private static Story locked(LockRef result) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, Map.of("size", 2, "busy", 2, "arrivals", 0, "depth", 5));
            story.states(second + 0.5, Map.of("worker-1", 'C', "worker-2", 'B'));
            story.waitingNow(second + 0.6, "worker-1", 3, WaitKind.FUTURE, result, null, second + 2, false);
            story.waitingNow(second + 0.6, "worker-2", 4, WaitKind.LOCK, Story.LOCK, "worker-1", second + 2, false);
        }
        story.waits(
                0.6,
                "worker-1",
                result,
                "WAITING",
                Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Report.sum"));
        story.waits(0.6, "worker-2", Story.LOCK, "WAITING", Story.stack("com.acme.Report.begin"));
        return story;
    }

    @Test
    void whoWaitsForALockOfAThreadThatWaitsForAQueuedTaskIsStarvedToo() {
        Story story = locked();
        story.givers.put("sum", Set.of("com.acme.Report.part"));
        Finding found = story.check(0, 10).found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.POOL_STARVATION);
        assertThat(found.text().what())
                .startsWith("Both threads of worker-# wait for tasks that are queued behind them");
        assertThat(found.text().why())
                .startsWith(
                        "worker-1 runs a task that waits for a result (future) and keeps a lock, and another waits for Cache.lock");
    }

    @Test
    void ofATaskThatWasSubmittedAndIsNotRunItFollowsThatItIsQueued() {
        Story story = locked(new LockRef("java.util.concurrent.FutureTask", "f7"));
        story.submitting.add("sum");
        Story runs = locked(new LockRef("java.util.concurrent.FutureTask", "f7"));
        runs.submitting.add("sum");
        runs.states(1, Map.of("other", 'S'));
        runs.seen(1, "other", "asleep", "TIMED_WAITING", Story.stack("java.util.concurrent.FutureTask.run"));

        assertThat(story.kinds(0, 10)).contains("pool-starvation");
        assertThat(runs.kinds(0, 10)).doesNotContain("pool-starvation");
    }

    /** Both threads of a pool wait in tasks, of which nothing shows that others of the pool end the waits. */
    private static Story waiting(WaitKind kind, @Nullable String owner) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, Map.of("size", 2, "busy", 2, "arrivals", 0, "depth", 5));
            story.states(second + 0.5, Map.of("worker-1", 'C', "worker-2", 'C', "pump", 'I'));
            for (String worker : List.of("worker-1", "worker-2")) {
                story.waitingNow(second + 0.6, worker, 3, kind, Story.OTHER, owner, second + 2, false);
                story.seen(second + 0.6, worker, "waiter", "WAITING", Story.stack("com.acme.Report.sum"));
            }
        }
        story.did(10, 9_500, "pump", Fact.ActivityKind.FILE_READ, Story.stack("com.acme.Pump.copy"));
        return story;
    }

    @Test
    void aLatchIsSaidToBeLeftToQueuedTasksOnlyIfThatIsShown() {
        Text unknown = waiting(WaitKind.LATCH, null).check(0, 10).found().get(0).text();
        Story shown = waiting(WaitKind.LATCH, null);
        shown.givers.put("sum", Set.of("com.acme.Report.part"));

        assertThat(unknown.what())
                .startsWith("Both threads of worker-# wait inside tasks (")
                .endsWith(", while 5 tasks are queued.");
        assertThat(unknown.why()).contains("It is not seen who is to give it");
        assertThat(unknown.change()).contains("in a finally block");
        assertThat(shown.check(0, 10).found().get(0).text().what())
                .startsWith("Both threads of worker-# wait for tasks that are queued behind them");
    }

    @Test
    void noQueuedTaskEndsAThreadThatIsWaitedFor() {
        Text text = waiting(WaitKind.JOIN, "pump").check(0, 10).found().get(0).text();

        assertThat(text.what()).doesNotContain("queued behind");
        assertThat(text.why())
                .startsWith("Each waits for the end of another thread (pump, which reads a file at Pump.copy(");
        assertThat(text.change()).startsWith("Give the wait at Report.sum(");
    }

    @Test
    void aResultThatMayComeFromElsewhereMakesALockHeldLongAndNothingElse() {
        assertThat(locked().kinds(0, 10)).doesNotContain("pool-starvation");
        Story runs = locked();
        runs.givers.put("sum", Set.of("com.acme.Report.part"));
        runs.states(1, Map.of("other", 'R'));
        runs.seen(1, "other", "asleep", "RUNNABLE", Story.stack("com.acme.Report.part"));

        assertThat(runs.kinds(0, 10)).doesNotContain("pool-starvation");
    }

    /** Two threads take from a queue, a third sleeps if there is one; a task is queued. */
    private static Story taking(int size) {
        Story story = new Story();
        story.names.put(LINES, "com.acme.Feed.lines");
        story.ways.put("parse", Set.of("com.acme.Feed.read"));
        for (int second = 1; second <= 12; second++) {
            story.pool(second, Map.of("size", size, "busy", size, "arrivals", 0, "depth", 1));
            story.states(second, Map.of("worker-1", 'W', "worker-2", 'W'));
            if (size > 2) {
                story.states(second + 0.1, Map.of("worker-3", 'S'));
            }
            for (String worker : List.of("worker-1", "worker-2")) {
                story.waitingNow(second, worker, 5, WaitKind.QUEUE_TAKE, LINES, null, second, true);
            }
        }
        for (String worker : List.of("worker-1", "worker-2")) {
            story.waits(
                    1,
                    worker,
                    LINES,
                    "WAITING",
                    Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Feed.parse"));
        }
        return story;
    }

    @Test
    void takersThatFillAPoolKeepOutTheTaskThatPuts() {
        Finding found = taking(2).check(2, 12.5).found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.POOL_STARVATION);
        assertThat(found.text().what())
                .startsWith(
                        "Both threads of worker-# wait for an element of Feed.lines, while 1 task is queued behind them that may have to put it there (12");
        assertThat(found.text().change())
                .startsWith("Give what puts into Feed.lines a thread outside worker-#, or give worker-# more threads");
    }

    @Test
    void aTaskThatFindsAThreadOrOneOnItsWayMayPutIt() {
        Story coming = taking(2);
        coming.states(3, Map.of("main", 'S'));
        coming.seen(3, "main", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.App.main"));
        coming.coming.add("main");

        assertThat(coming.kinds(2, 12.5)).doesNotContain("pool-starvation", "lost-wakeup");
        assertThat(taking(3).kinds(2, 12.5)).doesNotContain("pool-starvation", "lost-wakeup");
    }
}
