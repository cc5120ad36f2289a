// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pools whose threads have the names that the JDK gives: these differ in numbers only. */
class NamesakesTest {
    private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";

    /** The first works through long tasks with others queued, and the tasks of the second wait for these. */
    @Test
    void whoWaitsForTheTasksOfAnotherPoolDoesNotStarveIt() {
        Story story = new Story();
        Stack get = Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Report.sum");
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(Map.of("size", 1, "busy", 1, "arrivals", 0, "depth", 3))
                    .of(POOL, "pool-1-thread-#", "threads")
                    .at(second + 0.5));
            story.tell(PoolFigures.of(Map.of("size", 1, "busy", 1, "arrivals", 0))
                    .of(POOL, "pool-2-thread-#", "threads")
                    .identity("9002")
                    .at(second + 0.5));
            story.states(second + 0.5, Map.of("pool-1-thread-1", 'S', "pool-2-thread-1", 'C'));
            story.waitingNow(second + 0.6, "pool-2-thread-1", 3, WaitKind.FUTURE, Story.OTHER, null, second + 2, false);
            story.seen(second + 0.6, "pool-2-thread-1", "waiter", "WAITING", get);
        }

        assertThat(story.kinds(0, 10)).doesNotContain("pool-starvation");
    }

    @Test
    void eachOfTwoPoolsIsTold() {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            for (int pool = 1; pool <= 2; pool++) {
                Map<String, Number> refuses =
                        Map.of("size", 2, "busy", 2, "depth", 10, "capacity", 10, "rejections", 3 * pool);
                story.tell(PoolFigures.of(refuses)
                        .of(POOL, "pool-" + pool + "-thread-#", "threads")
                        .identity("900" + pool)
                        .at(second + 0.5));
            }
        }

        assertThat(story.check(0, 10).found())
                .filteredOn(each -> each.kind() == Kind.POOL_REJECTIONS)
                .extracting(each -> each.text().what())
                .containsExactlyInAnyOrder(
                        "pool-1-thread-# refused 30 tasks in 10 s.", "pool-2-thread-# refused 60 tasks in 10 s.");
    }
}
