// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Threads and programs that wait for each other. */
class ChildOutputRuleTest {
    private static final Stack WAITS =
            Story.stack("java.lang.Object.wait", "java.lang.ProcessImpl.waitFor", "com.acme.Thumbnails.convert");
    private static final Stack READS = Story.stack("java.io.FileInputStream.readBytes", "com.acme.Thumbnails.read");

    private static Story story(Stack stack, long seconds, String... threads) {
        Story story = new Story();
        for (String thread : threads.length == 0 ? new String[] {"images"} : threads) {
            LockRef process = new LockRef("java.lang.ProcessImpl", thread);
            for (int second = 1; second <= 8; second++) {
                story.states(second, Map.of(thread, 'C'));
                story.waitingNow(second, thread, 4, WaitKind.OBJECT_WAIT, process, null, second, false);
            }
            story.waits(1, thread, process, "WAITING", stack); // once: it goes on
        }
        return story.tell(new Fact.ChildStands(Story.at(8), 4711, "convert", "errors", Duration.ofSeconds(seconds)));
    }

    @Test
    void theProgramAndWhatNobodyReadsAreNamed() {
        List<Finding> found = story(WAITS, 7).check(0, 8.5).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.DEADLOCK);
        assertThat(found.get(0).text().what())
                .startsWith("images waits for the program convert (process 4711) to end at Thumbnails.convert")
                .contains("until somebody reads its errors (7 s so far)");
    }

    @Test
    void whichOfTwoThreadsWaitsForItIsNotKnown() {
        Finding found =
                story(WAITS, 7, "images", "backup").check(4, 8.5).found().get(0);

        assertThat(found.text().what())
                .startsWith("One of images and backup waits for the program convert (process 4711) to end at")
                .contains(", which waits until somebody reads its");
        assertThat(found.impact().threads()).isEqualTo(1);
    }

    @Test
    void aMomentOrAReaderIsNoDeadlock() {
        assertThat(story(WAITS, 2).kinds(0, 8.5)).isEmpty();
        assertThat(story(READS, 7).kinds(0, 8.5)).isEmpty();
    }

    @Test
    void aThreadThatWorksOnWhatItHasReadWillComeBackForMore() {
        Story story = story(WAITS, 7);
        story.seen(
                7,
                "indexer",
                "asleep",
                "TIMED_WAITING",
                Story.stack("java.lang.Thread.sleep", "com.acme.Thumbnails.index"));
        story.reading.add("convert"); // the waiter itself would read too late

        assertThat(story.kinds(0, 8.5)).containsExactly("deadlock");
        story.reading.add("index");
        assertThat(story.kinds(0, 8.5)).isEmpty();
    }
}
