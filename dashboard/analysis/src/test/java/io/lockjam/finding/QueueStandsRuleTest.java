// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Producers at a queue from which nobody takes. */
class QueueStandsRuleTest {
    /** Inside a queue that was there before the hooks, so that only the stack tells what it belongs to. */
    private static final LockRef INNER = new LockRef("java.util.concurrent.locks.ConditionObject", "17");

    private static final Stack PUT = Story.stack("java.util.concurrent.ArrayBlockingQueue.put", "com.acme.Feed.run");

    private static Story story(int producers, Stack stack) {
        Story story = new Story();
        story.names.put(INNER, "com.acme.Feed.lines");
        for (int second = 1; second <= 10; second++) {
            for (int i = 1; i <= producers; i++) {
                story.waitingNow(second, "feed-" + i, i, WaitKind.CONDITION, INNER, null, second, false);
            }
        }
        for (int i = 1; i <= producers; i++) {
            story.waits(2, "feed-" + i, INNER, "WAITING", stack);
        }
        return story;
    }

    @Test
    void producersThatStandAreTold() {
        List<Finding> found = story(3, PUT).check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.QUEUE_BACKLOG);
        Text text = found.get(0).text();
        assertThat(text.what()).isEqualTo("3 threads wait for room in Feed.lines, and nothing is taken (10 s so far).");
        assertThat(text.why()).contains("it may have ended");
    }

    @Test
    void theConsumerIsNamedWithWhatItDoes() {
        Story story = story(2, PUT);
        story.owed.put("store", Set.of(new Owed(WaitKind.QUEUE_PUT, "com.acme.Feed.lines", "store", false, false)));
        story.states(9, Map.of("writer", 'S'));
        story.seen(9, "writer", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.Db.store"));

        assertThat(story.check(0, 10).found().get(0).text().why())
                .contains("By its code writer takes from it, and stands at Db.store(");
    }

    /** As a route of Camel that sends into its own queue: the consumer knows the queue by another name. */
    @Test
    void aConsumerThatWaitsForRoomItselfIsNamed() {
        Story story = story(2, PUT);
        story.owed.put("take", Set.of(new Owed(WaitKind.QUEUE_PUT, "com.acme.Source.queue", "take", false, false)));
        Stack feeds = Story.stack("java.util.concurrent.ArrayBlockingQueue.put", "com.acme.Source.take");
        for (int second = 1; second <= 10; second++) {
            story.waitingNow(second, "source-1", 1, WaitKind.CONDITION, INNER, null, second, false);
        }
        story.waits(2, "source-1", INNER, "WAITING", feeds);
        Text text = story.check(0, 10).found().get(0).text();

        assertThat(text.why())
                .contains("by its code source-1 takes from a queue further out", "waits for room")
                .doesNotContain("may have ended");
        assertThat(text.change()).startsWith("Do not wait for room in Feed.lines in a thread that takes from it");
    }

    @Test
    void aHandOffHasNoRoom() {
        Stack transfer = Story.stack("java.util.concurrent.SynchronousQueue.put", "com.acme.Feed.run");

        assertThat(story(2, transfer).check(0, 10).found().get(0).text().what())
                .startsWith("2 threads wait for somebody to take what they hand over at Feed.lines");
    }

    @Test
    void oneThatFetchesAheadIsWhereItShouldBe() {
        assertThat(story(1, PUT).check(0, 10).found()).isEmpty();
    }

    @Test
    void aFullQueueForSomeSecondsIsOrdinary() {
        assertThat(story(3, PUT).check(0, 4.5).found()).isEmpty();
    }

    @Test
    void consumersDoNotCount() {
        Stack take = Story.stack("java.util.concurrent.ArrayBlockingQueue.take", "com.acme.Feed.run");

        assertThat(story(3, take).check(0, 10).found()).isEmpty();
    }

    @Test
    void aQueueFromWhichSomebodyTakesNowAndThenDoesNotStand() {
        LockRef queue = new LockRef("java.util.concurrent.ArrayBlockingQueue", "18");
        Story story = story(3, PUT);
        story.names.put(queue, "com.acme.Feed.lines");
        story.wait(8, 4000, WaitKind.QUEUE_PUT, queue, "feed-4", null, "writer", PUT, true);

        assertThat(story.check(0, 10).found()).isEmpty();
    }

    @Test
    void twoFullQueuesMayWaitForEachOther() {
        LockRef other = new LockRef(INNER.className(), "19");
        Story story = story(2, PUT);
        story.names.put(other, "com.acme.Feed.pages");
        for (int second = 1; second <= 10; second++) {
            story.waitingNow(second, "parse-1", 8, WaitKind.CONDITION, other, null, second, false);
            story.waitingNow(second, "parse-2", 9, WaitKind.CONDITION, other, null, second, false);
        }
        story.waits(2, "parse-1", other, "WAITING", PUT);
        story.waits(2, "parse-2", other, "WAITING", PUT);
        Text text = story.check(0, 10).found().stream()
                .map(Finding::text)
                .filter(each -> each.what().contains("Feed.lines"))
                .findFirst()
                .orElseThrow();

        assertThat(text.why())
                .contains("takes from it, but parse-1 and parse-2 wait for room in Feed.pages: if it is they who take")
                .doesNotContain("it may have ended");
        assertThat(text.change())
                .startsWith(
                        "If what is taken from Feed.lines ends up in Feed.pages and comes back, let whoever puts it back never wait");
    }
}
