// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads that ask again and again instead of being told. */
class BusyWaitRuleTest {
    @Test
    void shortSleepsByTheThousandArePollingAndLongOnesPacing() {
        Story polling = new Story();
        Story pacing = new Story();
        Stack stack = Story.stack("java.lang.Thread.sleep", "com.acme.Printer.poll");
        for (int i = 0; i < 3_000; i++) {
            polling.did(i / 300.0, 0.15, "printer", Fact.ActivityKind.SLEEP, stack);
            pacing.did(i / 300.0, 3, "till", Fact.ActivityKind.SLEEP, stack);
        }

        assertThat(polling.kinds(0, 10)).containsExactly("busy-wait");
        assertThat(pacing.kinds(0, 10)).isEmpty();
    }

    @Test
    void whoFindsARingBufferFullIsToldWhatKeepsItFull() {
        for (String caller : List.of("com.acme.Orders.place", "org.apache.logging.log4j.core.async.AsyncLogger.log")) {
            Story story = new Story();
            Stack next = Story.stack(
                    "java.util.concurrent.locks.LockSupport.parkNanos",
                    "com.lmax.disruptor.MultiProducerSequencer.next",
                    caller,
                    "com.acme.Web.page");
            Stack event = Story.stack(
                    "java.lang.Thread.sleep", "com.acme.Journal.write", "com.lmax.disruptor.BatchEventProcessor.run");
            for (int i = 0; i < 3_000; i++) {
                story.did(i / 300.0, 0.15, "web-1", Fact.ActivityKind.SLEEP, next);
            }
            for (int i = 1; i <= 10; i++) {
                story.did(i, 950, "journal", Fact.ActivityKind.SLEEP, event);
            }
            Text text = story.check(0, 10).found().get(0).text();

            assertThat(text.why())
                    .startsWith("The ring buffer is full")
                    .contains(
                            " journal, which takes out of it, sleeps for at least 85.5 % of its time at Journal.write(");
            assertThat(text.change())
                    .startsWith("Make the call at Journal.write(")
                    .contains(
                            caller.contains("log4j")
                                    ? "publish less (log4j2.asyncQueueFullPolicy=Discard drops it) (called from Web.page("
                                    : "publish less (called from Orders.place(");
        }
    }
}
