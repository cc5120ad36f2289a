// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pools whose tasks wait for tasks of the same pool and get on as yet. */
class OwnTasksTest {
    @Test
    void tasksThatWaitForOthersOfTheirPoolAreToldBesideItsSize() {
        Text own = limping("worker-3").check(0, 10).found().get(0).text();
        Text other = limping("part-1").check(0, 10).found().get(0).text();

        assertThat(own.why())
                .contains(
                        "For 60 % of that time tasks wait for others of the same pool, at Report.sum(", "once 3 do so");
        assertThat(own.change())
                .startsWith("Do not wait for tasks of worker-# inside its tasks, at Report.sum(")
                .contains("Else set corePoolSize and maximumPoolSize ");
        assertThat(other.why()).doesNotContain("of the same pool");
        assertThat(other.change()).startsWith("Set corePoolSize");
    }

    /** Two of three threads wait nearly all the time; which thread ends their waits? */
    private static Story limping(String ends) {
        Story story = new Story();
        Stack get = Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Report.sum");
        Map<String, Number> figures = Map.of(
                "size",
                3,
                "busy",
                3,
                "depth",
                10,
                "arrivals",
                60,
                "serviceMillis",
                50,
                "queueMillis",
                100,
                "cpuShare",
                0.01);
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, figures);
            story.states(second + 0.5, Map.of("worker-1", 'C', "worker-2", 'C', "worker-3", 'S', "part-1", 'S'));
            for (String worker : List.of("worker-1", "worker-2")) {
                story.wait(second + 0.95, 900, WaitKind.FUTURE, Story.OTHER, worker, null, ends, get, true);
            }
        }
        return story;
    }

    @Test
    void whoHandsItsTasksToAnotherPoolThatIsAtWorkIsNotStarved() {
        assertThat(waiting("9001").kinds(0, 10)).contains("pool-starvation");
        assertThat(waiting("9002").kinds(0, 10)).doesNotContain("pool-starvation");
        assertThat(waiting("").kinds(0, 4)).doesNotContain("pool-starvation");
        assertThat(waiting("").kinds(0, 20)).contains("pool-starvation");
    }

    /** All threads wait, tasks are queued, and another pool is at work; to which pool does a thread hand tasks? */
    private static Story waiting(String pool) {
        Story story = new Story();
        Stack get = Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Report.sum");
        Stack submit = Story.stack("java.util.concurrent.ThreadPoolExecutor.execute", "com.acme.Report.sum");
        for (int second = 0; second < 20; second++) {
            story.pool(second + 0.5, Map.of("size", 2, "busy", 2, "depth", 5, "arrivals", 0));
            story.tell(PoolFigures.of(Map.of("size", 1, "busy", 1, "arrivals", 1))
                    .of("java.util.concurrent.ThreadPoolExecutor", "part-#", "threads")
                    .identity("9002")
                    .at(second + 0.5));
            story.states(second + 0.5, Map.of("worker-1", 'C', "worker-2", 'C', "part-1", 'S'));
            if (!pool.isEmpty()) {
                story.tell(
                        new Fact.TaskSubmitted(Story.at(second + 0.1), Story.thread("worker-1"), pool, "T", 5, submit));
            }
            for (String worker : List.of("worker-1", "worker-2")) {
                story.waitingNow(second + 0.6, worker, 3, WaitKind.FUTURE, Story.OTHER, null, second + 2, false);
                story.seen(second + 0.6, worker, "waiter", "WAITING", get);
            }
        }
        return story;
    }

    @Test
    void twoPoolsThatWaitForEachOthersTasksAreBothStarved() {
        Story both = waiting("9002");
        alsoWaits(both, "9001");
        Story slow = waiting("9002");
        alsoWaits(slow, "");

        assertThat(both.kinds(0, 10)).contains("pool-starvation");
        assertThat(slow.kinds(0, 10)).doesNotContain("pool-starvation");
    }

    /** The thread of the other pool waits for a result, too; to which pool has it handed the task? */
    private static void alsoWaits(Story story, String pool) {
        Stack get = Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Part.sum");
        for (int second = 0; second < 20; second++) {
            story.waitingNow(second + 0.6, "part-1", 4, WaitKind.FUTURE, Story.LOCK, null, second + 2, false);
            story.seen(second + 0.6, "part-1", "waiter", "WAITING", get);
            if (!pool.isEmpty()) {
                story.tell(new Fact.TaskSubmitted(
                        Story.at(second + 0.1),
                        Story.thread("part-1"),
                        pool,
                        "T",
                        5,
                        Story.stack("com.acme.Part.sum")));
            }
        }
    }
}
