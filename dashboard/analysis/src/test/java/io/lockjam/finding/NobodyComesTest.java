// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NobodyComesTest {
    private static final LockRef LATCH = new LockRef("java.util.concurrent.CountDownLatch", "1");
    private static final LockRef RESULT = new LockRef("java.util.concurrent.CompletableFuture", "3");
    private static final LockRef PHASER = new LockRef("java.util.concurrent.Phaser", "2");

    /** A thread waits from the second second on for the parts of some work; another sleeps. */
    private static Story waits(WaitKind kind, LockRef lock, int missing) {
        return waits(kind, lock, missing, 0, 0);
    }

    /**
     * @param waiting of the virtual threads
     * @param live virtual threads
     */
    private static Story waits(WaitKind kind, LockRef lock, int missing, int waiting, int live) {
        Story story = new Story();
        story.names.put(lock, "com.acme.Work.parts");
        story.ways.put("gather", Set.of("com.acme.Work.part"));
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("gatherer", 'C', "main", 'S'), live);
            if (waiting > 0) {
                ThreadRef request = new ThreadRef(99, "request", true, 0);
                story.tell(new Fact.WaitingNow(
                        Story.at(second),
                        second,
                        request,
                        8,
                        kind,
                        lock,
                        null,
                        Story.millis(second * 1_000),
                        false,
                        waiting));
            }
            story.tell(new Fact.WaitingNow(
                    Story.at(second),
                    second,
                    Story.thread("gatherer"),
                    7,
                    kind,
                    lock,
                    null,
                    Story.millis(second * 1_000),
                    false,
                    1,
                    missing));
        }
        story.waits(1, "gatherer", lock, "WAITING", Story.stack(lock.className() + ".await", "com.acme.Work.gather"));
        story.seen(2, "main", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.App.main"));
        return story;
    }

    @Test
    void countsOfALatchAreMissing() {
        Findings findings = waits(WaitKind.LATCH, LATCH, 2).check(2, 12.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        Text text = findings.found().get(0).text();
        assertThat(text.what()).startsWith("gatherer waits for a count of Work.parts that does not come (12");
        assertThat(text.why())
                .isEqualTo("2 counts are missing. By the code no thread that lives is on its way to count it down,"
                        + " nor was one since the wait was first seen, and no task is queued.");
    }

    @Test
    void eachThingThatNobodyComesToIsToldOfItsOwn() {
        Story story = waits(WaitKind.LATCH, LATCH, 2);
        story.names.put(PHASER, "com.acme.Report.parts");
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "printer", 9, WaitKind.PHASER, PHASER, null, second, false);
            story.states(second, Map.of("printer", 'C'));
        }
        story.waits(
                1,
                "printer",
                PHASER,
                "WAITING",
                Story.stack("java.util.concurrent.Phaser.await", "com.acme.Report.gather"));

        assertThat(story.check(2, 12.5).found())
                .extracting(each -> each.subject().name())
                .containsExactlyInAnyOrder("com.acme.Work.parts", "com.acme.Report.parts");
    }

    @Test
    void aPartyHasNotCome() {
        Findings findings = waits(WaitKind.PHASER, PHASER, 1).check(2, 12.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).text().why()).startsWith("1 thread waits, 1 party has not come. ");
    }

    @Test
    void aLatchOfOneCountStandsForAnEventThatMayBeLong() {
        Story event = waits(WaitKind.LATCH, LATCH, 1);
        event.initials.put("com.acme.Work.parts", Initial.ONE);
        Story lastPart = waits(WaitKind.LATCH, LATCH, 1);
        lastPart.initials.put("com.acme.Work.parts", Initial.MORE);

        assertThat(event.kinds(2, 12.5)).isEmpty();
        assertThat(lastPart.kinds(2, 12.5)).containsExactly("lost-wakeup");
    }

    @Test
    void ofLatchesThatThreadsWaitForOneEachEveryOneIsForARequest() {
        Story story = waits(WaitKind.LATCH, LATCH, 1);
        LockRef another = new LockRef(LATCH.className(), "3");
        story.names.put(another, "com.acme.Work.parts");
        story.initials.put("com.acme.Work.parts", Initial.ONE);
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("gatherer-2", 'C'));
            story.waitingNow(second, "gatherer-2", 9, WaitKind.LATCH, another, null, second, false);
        }
        story.waits(
                1, "gatherer-2", another, "WAITING", Story.stack(LATCH.className() + ".await", "com.acme.Work.gather"));
        Text text = story.check(2, 12.5).found().get(0).text();

        assertThat(text.what()).startsWith("gatherer and gatherer-2 wait for a count of Work.parts that does not come");
        assertThat(text.why()).startsWith("1 count of each is missing. By the code no thread that lives is on its way");
        story.coming.add("main");
        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void aThreadOnItsWayMayStillCome() {
        Story story = waits(WaitKind.LATCH, LATCH, 2);
        story.coming.add("main");

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void whoMayCallBackIsNotKnown() {
        Story story = waits(WaitKind.LATCH, LATCH, 2);
        story.ways.clear();

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void aResultThatOnlyEndedTasksCouldGiveDoesNotCome() {
        Findings findings = waits(WaitKind.FUTURE, RESULT, -1).check(2, 12.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).text().why()).contains("is on its way to complete it");
    }

    @Test
    void aVirtualThreadThatDoesNotWaitThereMayCome() {
        assertThat(waits(WaitKind.LATCH, LATCH, 2, 3, 4).kinds(2, 12.5)).isEmpty();
        assertThat(waits(WaitKind.LATCH, LATCH, 2, 4, 4).kinds(2, 12.5)).containsExactly("lost-wakeup");
    }

    @Test
    void whatASchedulerHasForLaterMayStillCome() {
        Story story = waits(WaitKind.FUTURE, RESULT, -1);
        scheduled(story, 1);

        assertThat(story.kinds(2, 12.5)).as("it has tasks for something else").containsExactly("lost-wakeup");
        story.timed.add("com.acme.Work.part");
        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void aPeriodicTaskThatHasEndedGivesNothing() {
        for (WaitKind kind : List.of(WaitKind.FUTURE, WaitKind.OBJECT_WAIT, WaitKind.CONDITION)) {
            Story story = waits(kind, RESULT, -1);
            story.timed.add("com.acme.Work.part");
            scheduled(story, 0);
            Findings findings = story.check(2, 12.5);

            assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
            Text text = findings.found().get(0).text();
            assertThat(text.why())
                    .contains("A scheduler or timer was to start Work.part, and none has a task any more");
            assertThat(text.change()).startsWith("Catch and log every exception inside the scheduled task");
        }
    }

    @Test
    void aTimerThatWaitsForATimeHasATask() {
        LockRef queue = new LockRef("java.util.TaskQueue", "7");
        Story story = waits(WaitKind.FUTURE, RESULT, -1);
        story.timed.add("com.acme.Work.part");
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("Timer-0", 'W'));
            story.waitingNow(second, "Timer-0", 5, WaitKind.OBJECT_WAIT, queue, null, second, true);
        }
        story.waits(
                1,
                "Timer-0",
                queue,
                "TIMED_WAITING",
                Story.stack("java.lang.Object.wait", "java.util.TimerThread.run"));

        assertThat(story.kinds(2, 12.5)).isEmpty();
        story.waits(2, "Timer-0", queue, "WAITING", Story.stack("java.lang.Object.wait", "java.util.TimerThread.run"));
        assertThat(story.kinds(2, 12.5)).as("it has none").containsExactly("lost-wakeup");
    }

    @Test
    void aSignalMayStillComeFromWhoIsOnTheWay() {
        Story story = waits(WaitKind.OBJECT_WAIT, RESULT, -1);

        Text text = story.check(2, 12.5).found().get(0).text();
        assertThat(text.why()).startsWith("By the code no thread that lives is on its way to give it");
        assertThat(text.change()).startsWith("Let whoever gives it last, or fails, tell those that wait");
        story.coming.add("gather");
        assertThat(story.check(2, 12.5).found().get(0).text().change())
                .contains("give that back on every way out, in a finally block");
        story.coming.add("main");
        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void whoWaitsForAnotherResultOfTheSameNameIsNotOnTheWay() {
        Story story = waits(WaitKind.FUTURE, RESULT, -1);
        LockRef another = new LockRef(RESULT.className(), "4");
        story.names.put(another, "com.acme.Work.parts");
        story.coming.add("gather"); // each asks for the next when it has its own
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("gatherer-2", 'C'));
            story.waitingNow(second, "gatherer-2", 9, WaitKind.FUTURE, another, null, second, false);
        }
        story.waits(
                1, "gatherer-2", another, "WAITING", Story.stack(RESULT.className() + ".get", "com.acme.Work.gather"));

        assertThat(story.check(2, 12.5).found().get(0).text().what())
                .startsWith("gatherer and gatherer-2 wait for a result that does not come");
    }

    private static void scheduled(Story story, int depth) {
        for (int second = 1; second <= 12; second++) {
            story.tell(PoolFigures.of(Map.of("size", 1, "busy", 0, "busyMost", 0, "depth", depth, "arrivals", 0))
                    .type("scheduled")
                    .at(second));
        }
    }
}
