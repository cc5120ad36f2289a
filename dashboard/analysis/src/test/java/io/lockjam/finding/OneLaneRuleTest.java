// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that an executor lets through one after the other while its pool has threads to spare. */
class OneLaneRuleTest {
    private static final String GUAVA = "com.google.common.util.concurrent.SequentialExecutor$QueueWorker.workOnQueue";

    /** One thread of eight sleeps 40 ms in each of twenty calls a second. */
    private static Story story(String runs, int completions, int busy, boolean loops) {
        Story story = new Story();
        if (!loops) {
            story.waitsOnce.add("query");
        }
        Stack stack = Story.stack(
                "java.lang.Thread.sleep", "com.acme.Rows.query", "java.lang.Runnable.run", runs, "com.acme.Own.run");
        for (int second = 0; second < 10; second++) {
            story.pool(
                    second + 0.5,
                    Map.of("size", 2, "core", 8, "busy", busy, "busyMost", busy, "arrivals", completions));
            story.states(second + 0.5, Map.of("worker-1", 'S', "worker-2", 'W'));
            for (int call = 1; call <= 20; call++) {
                story.did(second + call * 0.045, 40, "worker-1", Fact.ActivityKind.SLEEP, stack);
            }
        }
        return story;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            com.google.common.util.concurrent.SequentialExecutor$QueueWorker.workOnQueue | SequentialExecutor | sequential executor for each order
            io.vertx.core.impl.TaskQueue.run | TaskQueue | ordered = false
            io.grpc.internal.SerializingExecutor.run | SerializingExecutor | messages of one call
            """)
    void aLaneThatIsNeverEmptyIsTold(String runs, String executor, String change) {
        Story story = story(runs, 0, 1, false);

        assertThat(story.kinds(0, 10)).containsExactly("queue-backlog");
        Text text = story.check(0, 10).found().get(0).text();
        assertThat(text.what())
                .isEqualTo("One of the 8 threads of worker-# does all the work, because " + executor
                        + " lets one task after the other run; the others have nothing to do.");
        assertThat(text.why()).contains("worker-1 waited at Rows.query(Rows.java:29) 200 times in 10 s");
        assertThat(text.change()).contains(change, "(they wait at Rows.query(Rows.java:29)).");
    }

    @Test
    void oneThatEndsBetweenItsTasksIsNot() {
        assertThat(story(GUAVA, 20, 1, false).kinds(0, 10)).isEmpty();
    }

    @Test
    void neitherIsATaskThatComesBackInALoopOfItsOwn() {
        assertThat(story(GUAVA, 0, 1, true).kinds(0, 10)).isEmpty();
    }

    @Test
    void neitherIsATaskOfThePoolItself() {
        assertThat(story("com.acme.Shop.run", 0, 1, false).kinds(0, 10)).isEmpty();
    }

    @Test
    void noThreadIsIdleWhereOthersAreBusy() {
        assertThat(story(GUAVA, 0, 2, false).kinds(0, 10)).isEmpty();
    }
}
