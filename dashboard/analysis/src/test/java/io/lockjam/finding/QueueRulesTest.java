// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueueRulesTest {
    private static final String QUEUE = "com.acme.Bus.mail";

    private static Fact.QueueTotals queue(double at, int capacity, int depth, double putMillis) {
        return queue(Story.OTHER, at, capacity, depth, putMillis);
    }

    private static Fact.QueueTotals queue(LockRef queue, double at, int capacity, int depth, double putMillis) {
        return new Fact.QueueTotals(
                Story.at(at),
                Duration.ofSeconds(1),
                queue,
                capacity,
                depth,
                putMillis > 0 ? 10 : 0,
                Story.millis(putMillis),
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Histogram.EMPTY,
                Duration.ZERO,
                null);
    }

    /** Eight consumers that wait all the time, to whom 50 elements a second come. */
    private static Story spare(String consumer) {
        Story story = new Story();
        Stack take = Story.stack("java.util.concurrent.ArrayBlockingQueue.poll", consumer);
        for (int i = 0; i < 10; i++) {
            for (int user = 0; user < 8; user++) {
                double end = i + 0.9 + 0.01 * user;
                story.wait(end, 990, WaitKind.QUEUE_TAKE, Story.OTHER, "taker-" + user, null, "web-1", take, false);
            }
            story.tell(new Fact.QueueTotals(
                    Story.at(i + 0.99),
                    Duration.ofSeconds(1),
                    Story.OTHER,
                    100,
                    0,
                    0,
                    Duration.ZERO,
                    Histogram.EMPTY,
                    50,
                    Duration.ofMillis(7_900),
                    Histogram.EMPTY,
                    Duration.ZERO,
                    null));
        }
        return story;
    }

    @Test
    void consumersThatALibraryHasUnaskedAreNotTooMany() {
        assertThat(spare("com.acme.Worker.run").kinds(0, 10)).containsExactly("queue-starved");
        assertThat(spare("kafka.server.KafkaRequestHandler.run").kinds(0, 10)).isEmpty();
    }

    @Test
    void whoTakesOutOfAFullQueueIsNamedWithWhatItDoes() {
        Story story = new Story();
        Stack put = Story.stack("java.util.concurrent.ArrayBlockingQueue.put", "com.acme.Log.append");
        Stack write = Story.stack("java.io.FileOutputStream.write", "com.acme.Disk.write");
        for (int i = 0; i < 10; i++) {
            Fact.QueueTotals totals = queue(i + 0.5, 10, 9, 800);
            story.tell(totals);
            story.wait(i + 0.6, 80, WaitKind.QUEUE_PUT, totals.queue(), "web-1", null, "writer-1", put, true);
            // gives up, and passes the queue's lock on to one that writer-1 has told of room
            story.wait(i + 0.7, 80, WaitKind.QUEUE_PUT, totals.queue(), "web-2", null, "web-9", put, true);
            story.did(i + 0.9, 900, "writer-1", Fact.ActivityKind.FILE_WRITE, write);
        }
        Text text = story.check(0, 10).found().get(0).text();
        assertThat(text.why())
                .endsWith(
                        " writer-1 takes them out; it writes a file for 90 % of its time at Disk.write(Disk.java:29).");
        assertThat(text.change()).startsWith("Make the call at Disk.write(Disk.java:29) quicker, or add consumers;");
    }

    @Test
    void whoTakesAndWaitsForRoomFurtherOnIsNotWhatIsTooSlow() {
        Story story = new Story();
        LockRef next = new LockRef("java.util.concurrent.ArrayBlockingQueue", "c3");
        story.names.put(next, "com.acme.Mill.clean");
        Stack put = Story.stack("java.util.concurrent.ArrayBlockingQueue.put", "com.acme.Mill.harvest");
        Stack on = Story.stack("java.util.concurrent.ArrayBlockingQueue.put", "com.acme.Mill.sieve");
        for (int i = 0; i < 10; i++) {
            Fact.QueueTotals totals = queue(i + 0.5, 10, 9, 800);
            story.tell(totals);
            story.tell(queue(next, i + 0.5, 10, 9, 900));
            story.wait(i + 0.6, 80, WaitKind.QUEUE_PUT, totals.queue(), "farm-1", null, "sieve-1", put, true);
            story.wait(i + 0.95, 90, WaitKind.QUEUE_PUT, next, "sieve-1", null, "grind-1", on, true);
        }
        Text text = story.check(0, 10).found().stream()
                .map(Finding::text)
                .filter(each -> each.why().contains("sieve-1 takes"))
                .findFirst()
                .orElseThrow();
        assertThat(text.why())
                .endsWith(" sieve-1 takes them out; it waits itself for room in Mill.clean for 90 % of its time.");
        assertThat(text.change()).startsWith("Make what takes out of Mill.clean quicker, or add consumers there");
    }

    @Test
    void aFullQueueInALibraryIsToldWithWhoPutsIn() {
        Story story = new Story();
        Stack put = Story.stack(
                "java.util.concurrent.ArrayBlockingQueue.put",
                "ch.qos.logback.core.AsyncAppenderBase.putUninterruptibly",
                "com.acme.Web.page");
        for (int i = 0; i < 10; i++) {
            Fact.QueueTotals totals = queue(i + 0.5, 10, 9, 800);
            story.tell(totals);
            story.wait(i + 0.6, 80, WaitKind.QUEUE_PUT, totals.queue(), "web-1", null, "writer-1", put, true);
        }
        Text text = story.check(0, 10).found().get(0).text();
        assertThat(text.why()).contains("AsyncAppenderBase.java:").contains("(called from Web.page(");
        assertThat(text.change())
                .startsWith("Put less into it (neverBlock of AsyncAppender drops it) (called from Web.page(")
                .doesNotContain("consumers");
    }

    @Test
    void fullAndGrowingQueuesAreBacklogsAndOthersNot() {
        Story full = new Story();
        Story grows = new Story();
        Story burst = new Story();
        Story fine = new Story();
        for (int i = 0; i < 10; i++) {
            full.tell(queue(i + 0.5, 10, 9, 800));
            grows.tell(queue(i + 0.5, -1, 100 + 20 * i, 0));
            burst.tell(queue(i + 0.5, -1, i < 9 ? 3 : 900, 0));
            fine.tell(queue(i + 0.5, 10, 3, 20));
        }

        assertThat(full.kinds(0, 10)).containsExactly("queue-backlog");
        assertThat(grows.kinds(0, 10)).containsExactly("queue-backlog");
        assertThat(burst.kinds(0, 10)).isEmpty();
        assertThat(fine.kinds(0, 10)).isEmpty();
    }

    /** In a queue for ten. */
    private static Story offered(int... depths) {
        Story story = new Story();
        story.names.put(Story.OTHER, QUEUE);
        Stack take = Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Bus.loop");
        story.wait(0.05, 1, WaitKind.QUEUE_TAKE, Story.OTHER, "bus", null, "web-1", take, false);
        story.dropped.put(QUEUE, new Frame("com.acme.Web", "page", null, "Web.java", 12, -1));
        for (int i = 0; i < depths.length; i++) {
            story.tell(queue(i + 0.5, 10, depths[i], 0));
        }
        return story;
    }

    @Test
    void aQueueThatStaysFullLosesWhatNobodyLooksAt() {
        Story full = offered(10, 10, 9, 10, 10, 9, 10, 10, 10, 9);
        assertThat(full.check(0, 10).found())
                .singleElement()
                .extracting(found -> found.text().what())
                .asString()
                .isEqualTo(
                        "Bus.mail stays full (9.7 of 10), and Web.page(Web.java:12) offers to it without a look at whether there was room.");

        Story looked = offered(10, 10, 9, 10, 10, 9, 10, 10, 10, 9);
        looked.dropped.clear();
        assertThat(looked.kinds(0, 10)).isEmpty();
        assertThat(offered(10, 10, 9, 7, 10, 9, 10, 10, 10, 9).kinds(0, 10)).isEmpty();
        assertThat(offered(10, 10, 10, 10, 10, 10, 9, 9, 9, 9).kinds(0, 10)).isEmpty();
    }

    private static final Stack ANSWER =
            Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Bus.ask", "com.acme.Web.page");

    /** A dispatcher that sleeps in the tasks that it takes out of a queue in which {@code depth} others wait, for five threads that wait for the results. */
    private static Story dispatcher(int depth, Owed... owes) {
        Story story = new Story();
        story.names.put(Story.OTHER, QUEUE);
        story.owed.put("load", Set.of(owes));
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Dao.load", "com.acme.Bus.loop");
        Stack take = Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Bus.loop");
        story.wait(0.05, 1, WaitKind.QUEUE_TAKE, Story.OTHER, "bus", null, "web-1", take, false);
        for (int i = 0; i < 10; i++) {
            story.tell(queue(i + 0.5, -1, depth, 0));
            for (int call = 0; call < 10; call++) {
                double end = i + 0.09 + 0.1 * call;
                story.did(end, 95, "bus", Fact.ActivityKind.SLEEP, sleep);
                story.wait(end, 500, WaitKind.FUTURE, Story.LOCK, "web-" + call % 5, null, "bus", ANSWER, true);
            }
            story.states(i + 0.1, Map.of("bus", 'S'));
        }
        return story;
    }

    private static Owed owed(WaitKind kind, String place) {
        return new Owed(kind, QUEUE, place, false, false);
    }

    @Test
    void aDispatcherThatNeverFindsItsQueueEmptyIsNamedWithWhatItDoes() {
        Owed takes = owed(WaitKind.QUEUE_PUT, "com.acme.Bus.loop");
        Finding found = dispatcher(4, takes).check(0, 10).found().stream()
                .filter(each -> each.kind() == Kind.QUEUE_BACKLOG)
                .findFirst()
                .orElseThrow();

        assertThat(found.text().what()).startsWith("5 threads wait for what bus does one after the other: 4 stand in ");
        assertThat(found.text().why()).contains("bus alone takes from it").contains("at Dao.load(");
        assertThat(found.impact().threadSecondsPerSecond()).isCloseTo(5, within(0.5));
    }

    @Test
    void queuesThatAreEmptyAtTimesLentOrEmptiedByTheClockAreNot() {
        Owed takes = owed(WaitKind.QUEUE_PUT, "com.acme.Bus.loop");
        Owed putsBack = owed(WaitKind.QUEUE_TAKE, "com.acme.Bus.loop");

        assertThat(dispatcher(0, takes).kinds(0, 10)).doesNotContain("queue-backlog");
        assertThat(dispatcher(4, takes, putsBack).kinds(0, 10)).doesNotContain("queue-backlog");
        assertThat(dispatcher(4).kinds(0, 10)).doesNotContain("queue-backlog");
        Owed itself = owed(WaitKind.QUEUE_PUT, "com.acme.Dao.load");
        assertThat(dispatcher(4, itself).kinds(0, 10)).doesNotContain("queue-backlog");
    }

    @Test
    void aQueueIntoWhichTasksAreHandedIsItsPoolsAlsoWhereNoWorkerComesBackToIt() {
        for (String puts : new String[] {"java.util.concurrent.ThreadPoolExecutor.execute", "com.acme.Bus.post"}) {
            Stack put = Story.stack("java.util.concurrent.LinkedBlockingQueue.offer", puts, "com.acme.Web.page");
            Story story = new Story();
            for (int i = 0; i < 10; i++) {
                story.tell(queue(i + 0.5, -1, 100 + 20 * i, 0));
                story.wait(i + 0.6, 0, WaitKind.QUEUE_PUT, Story.OTHER, "web-1", null, null, put, false);
            }

            assertThat(story.kinds(0, 10)).hasSize(puts.startsWith("java.") ? 0 : 1);
        }
    }
}
