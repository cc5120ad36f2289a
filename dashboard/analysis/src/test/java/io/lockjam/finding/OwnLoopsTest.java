// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import org.junit.jupiter.api.Test;

/** Loops made by hand: one thread runs what it takes from a queue. */
class OwnLoopsTest {
    private static final LockRef EVENTS = new LockRef("java.util.concurrent.LinkedBlockingQueue", "e1");
    private static final Stack TAKES = Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Ui.loop");
    private static final Stack OPENS = Story.stack("java.lang.Thread.sleep", "com.acme.Ui.open", "com.acme.Ui.loop");

    /**
     * Takes ten times a second.
     *
     * @param calls how often in ten seconds a task sleeps
     */
    private static Story loop(int calls) {
        Story story = new Story();
        story.runners.add("loop");
        for (int task = 1; task <= 100; task++) {
            story.wait(task / 10.0, 60, WaitKind.QUEUE_TAKE, EVENTS, "ui", null, null, TAKES, true);
        }
        for (int call = 0; call < calls; call++) {
            story.did(0.5 + call * 10.0 / calls, 80, "ui", Fact.ActivityKind.SLEEP, OPENS);
        }
        return story;
    }

    @Test
    void aTaskThatSleepsHoldsUpTheOthers() {
        assertThat(loop(3).check(0, 10.5).found()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(Kind.EVENT_LOOP_BLOCKED);
            assertThat(each.text().what()).startsWith("The event loop ui sleeps for 80 ms at Ui.open(");
        });
    }

    @Test
    void aThreadThatIsThereForTheCallIsNoLoop() {
        assertThat(loop(60).kinds(0, 10.5)).doesNotContain("event-loop-blocked");
    }

    @Test
    void whoseCodeDoesNotRunWhatItTakesIsAConsumer() {
        Story story = loop(3);
        story.runners.clear();

        assertThat(story.kinds(0, 10.5)).doesNotContain("event-loop-blocked");
    }

    @Test
    void ofSeveralThatTakeEachIsAWorker() {
        Story story = loop(3);
        for (int task = 1; task <= 20; task++) {
            story.wait(task / 2.0, 60, WaitKind.QUEUE_TAKE, EVENTS, "ui-2", null, null, TAKES, true);
        }

        assertThat(story.kinds(0, 10.5)).doesNotContain("event-loop-blocked");
    }
}
