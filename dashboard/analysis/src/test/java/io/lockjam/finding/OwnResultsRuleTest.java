// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pools of libraries whose threads all wait for what only their own tasks give. */
class OwnResultsRuleTest {
    private static final String JOB = "org.quartz.Job";
    private static final String CALL = "OkHttp http://partner/...";
    private static final String RUNS_CALLS = "okhttp3.RealCall$AsyncCall.run";
    private static final String RUNS = "org.quartz.core.JobRunShell.run";

    /** Both threads of a pool wait in jobs, for a latch each; tasks of its queue are not seen. */
    private static Story jobs(int most, int seconds) {
        Story story = new Story();
        for (int second = 1; second <= seconds; second++) {
            story.pool(second, Map.of("size", 2, "max", most, "busy", 2, "arrivals", 0, "depth", 0));
            for (int thread = 1; thread <= 2; thread++) {
                LockRef own = new LockRef("java.util.concurrent.CountDownLatch", "c" + thread);
                story.names.put(own, "com.acme.Close.parts");
                String worker = "worker-" + thread;
                story.states(second, Map.of(worker, 'C'));
                story.waitingNow(second, worker, thread, WaitKind.LATCH, own, null, second, false);
                if (second == 1) {
                    story.waits(1, worker, own, "WAITING", stack(RUNS));
                }
            }
        }
        return story;
    }

    private static Story jobs() {
        return jobs(2, 12);
    }

    private static Stack stack(String runs) {
        return Story.stack("java.util.concurrent.CountDownLatch.await", "com.acme.Close.execute", runs);
    }

    @Test
    void jobsThatWaitForJobsAndFillTheirPoolAreTold() {
        Story story = jobs();
        story.callbacks.put("execute", JOB);
        Finding found = story.check(2, 12.5).found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.POOL_STARVATION);
        assertThat(found.text().what())
                .startsWith(
                        "Both threads of worker-# wait for a result that only another Job gives, and no thread is left to run one (12");
        assertThat(found.text().why()).contains("(org.quartz.Job) that JobRunShell has called");
        assertThat(found.text().change()).startsWith("Do not wait for another Job at Close.execute");
    }

    @Test
    void whatOthersMayGiveIsNotTold() {
        assertThat(jobs().kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    @Test
    void aPoolThatMayGrowIsNotTold() {
        Story story = jobs(8, 12);
        story.callbacks.put("execute", JOB);

        assertThat(story.kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    @Test
    void aThreadThatIdlesMayRunTheJob() {
        Story story = jobs();
        story.callbacks.put("execute", JOB);
        story.pool(12.2, Map.of("size", 3, "max", 3, "busy", 2, "arrivals", 0, "depth", 0));
        story.states(12, Map.of("worker-3", 'W'));

        assertThat(story.kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    @Test
    void aJobThatRunsElsewhereMayGiveIt() {
        Story story = jobs();
        story.callbacks.put("execute", JOB);
        story.states(9, Map.of("other-1", 'S'));
        story.seen(
                9,
                "other-1",
                "asleep",
                "TIMED_WAITING",
                Story.stack("java.lang.Thread.sleep", "com.acme.Export.execute", RUNS));

        assertThat(story.kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    @Test
    void aWaitOfAMomentIsNotTold() {
        Story story = jobs(2, 4);
        story.callbacks.put("execute", JOB);

        assertThat(story.kinds(0, 4.5)).doesNotContain("pool-starvation");
    }

    @Test
    void whoEndedEarlierWaitsTellsWhoseTheyAre() {
        Finding found = earlier("worker-1").check(2, 32.5).found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.POOL_STARVATION);
        assertThat(found.text().why())
                .startsWith("All 12 earlier waits at the place were ended by threads of worker-#");
        assertThat(earlier("answers-1").kinds(2, 32.5)).doesNotContain("pool-starvation");
    }

    /** Waits in the first seconds that a thread has ended; since then all wait. */
    private static Story earlier(String ender) {
        Story story = new Story();
        LockRef latch = new LockRef("java.util.concurrent.CountDownLatch", "c1");
        story.names.put(latch, "com.acme.Close.parts");
        for (int n = 0; n < 12; n++) {
            story.wait(1 + n * 0.5, 40, WaitKind.LATCH, latch, "worker-2", null, ender, stack(RUNS), true);
        }
        for (int second = 1; second <= 32; second++) {
            story.pool(second, Map.of("size", 2, "max", 2, "busy", 2, "arrivals", 0, "depth", 0));
            for (String worker : List.of("worker-1", "worker-2")) {
                story.states(second, Map.of(worker, 'C'));
                if (second > 20) {
                    story.waitingNow(second, worker, 9, WaitKind.LATCH, latch, null, second - 20.0, false);
                }
            }
        }
        return story;
    }

    @Test
    void callsOfOkHttpHaveALimitOfTheirOwn() {
        Story five = calls(5);
        Story four = calls(4);

        assertThat(five.check(2, 12.5).found().get(0).text().change())
                .contains("another Callback at Close.execute")
                .endsWith("in an OkHttpClient with a Dispatcher of its own.");
        assertThat(four.kinds(2, 12.5)).doesNotContain("pool-starvation");
    }

    /** Callbacks of so many calls to one host wait, on threads of one name; their executor grows as it likes. */
    private static Story calls(int threads) {
        Story story = new Story();
        story.callbacks.put("execute", "okhttp3.Callback");
        for (int second = 1; second <= 12; second++) {
            story.tell(PoolFigures.of(Map.of("size", threads, "max", -1, "busy", threads, "arrivals", 0, "depth", 0))
                    .of("java.util.concurrent.ThreadPoolExecutor", CALL, "threads")
                    .at(second));
            for (int thread = 1; thread <= threads; thread++) {
                ThreadRef worker = new ThreadRef(thread, CALL, false, thread);
                LockRef own = new LockRef("java.util.concurrent.CountDownLatch", "c" + thread);
                story.names.put(own, "com.acme.Close.parts");
                Instant at = Story.at(second);
                Map<Long, Character> held = Map.of((long) thread, 'C');
                story.tell(new Fact.ThreadStates(at, second, held, Map.of((long) thread, CALL), 0, 0, 1));
                story.tell(new Fact.WaitingNow(
                        at, second, worker, thread, WaitKind.LATCH, own, null, Duration.ofSeconds(second), false, 1));
                story.tell(new Fact.StackSeen(at, worker, "waiter", own, "WAITING", stack(RUNS_CALLS)));
            }
        }
        return story;
    }
}
