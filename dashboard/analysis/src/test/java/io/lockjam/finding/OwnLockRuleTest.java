// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnLockRuleTest {
    private static final Stack ROW = Story.stack(
            "java.lang.Object.wait", "org.base.Table.lockRow", "org.base.Jdbc.execute", "com.acme.Shop.buy");
    private static final Stack PLAIN = Story.stack("java.lang.Object.wait", "com.acme.Gate.enter", "com.acme.Shop.buy");
    private static final Stack REPORT = Story.stack("java.lang.Thread.sleep", "com.acme.Report.run");

    /** In each second a buyer waits 800 ms, and the report sleeps for most of them. */
    private static Story story(Stack waits, @Nullable String endedBy) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.did(second + 0.79, 700, "report", Fact.ActivityKind.SLEEP, REPORT);
            story.wait(second + 0.8, 800, WaitKind.OBJECT_WAIT, Story.MONITOR, "buyer", null, endedBy, waits, true);
        }
        return story;
    }

    @Test
    void aMethodThatSaysLockMakesOne() {
        List<Finding> found = story(ROW, "report").check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what())
                .isEqualTo("buyer loses 8 s of thread time in 10 s to a lock made of wait and notify:"
                        + " it waits 800 ms in Table.lockRow(Table.java:32) (called from Shop.buy(Shop.java:27)).");
        assertThat(text.why())
                .startsWith(
                        "report ended 10 of the 10 waits that were sampled; who had it meanwhile sleeps at Report.run");
    }

    @Test
    void aLockMadeOfParkIsOneIfAMethodSaysSoAndParkedWorkersAreNone() {
        for (String method : List.of("com.acme.Spin.lock", "com.acme.Scheduler.awaitTask")) {
            Story story = new Story();
            Stack parks = Story.stack("java.util.concurrent.locks.LockSupport.park", method, "com.acme.Shop.buy");
            for (int second = 0; second < 10; second++) {
                story.wait(second + 0.8, 800, WaitKind.PARK, Story.OTHER, "buyer", null, "report", parks, true);
                story.wait(second + 0.8, 700, WaitKind.PARK, Story.OTHER, "report", null, "buyer", parks, true);
            }
            List<Finding> found = story.check(0, 10).found();

            if (method.endsWith("lock")) {
                assertThat(found)
                        .singleElement()
                        .satisfies(own ->
                                assertThat(own.text().what()).contains("a lock made of park and unpark", "Spin.lock"));
            } else {
                assertThat(found).isEmpty();
            }
        }
    }

    @Test
    void whoEndsTheWaitsMayBeUnknown() {
        Text text = story(ROW, null).check(0, 10).found().get(0).text();

        assertThat(text.why()).startsWith("Who ends the waits was not seen.");
    }

    @Test
    void whoOnlyTellsTheNextOneIsNotAskedToHaveItForLessTime() {
        Text text = story(ROW, "notifier").check(0, 10).found().get(0).text();

        assertThat(text.why()).startsWith("notifier ended 10 of the 10 waits that were sampled: it tells the next one");
        assertThat(text.change()).startsWith("Let who has it have it for less time");
    }

    @Test
    void whatTheWaiterGivesBackIsALock() {
        Story story = story(PLAIN, "report");
        story.borrowers.add("enter");

        assertThat(story.check(0, 10).found()).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
    }

    @Test
    void aMethodThatHasALockWhileItWaitsForWorkMakesNone() {
        Stack stack = Story.stack(
                "java.lang.Object.wait", "com.acme.Jobs.next", "com.acme.Jobs.runWithLock", "com.acme.Worker.run");

        assertThat(story(stack, "report").check(0, 10).found()).isEmpty();
    }

    /** Three threads take turns; each waits 600 ms for the one before, which ends its wait. */
    private static Story turns(WaitKind kind, Stack waits) {
        List<String> names = List.of("booking-1", "booking-2", "booking-3");
        Story story = new Story();
        for (int turn = 0; turn < 30; turn++) {
            String waiter = names.get(turn % 3);
            String before = names.get((turn + 2) % 3);
            double end = 1 + 0.3 * turn;
            story.wait(end, 600, kind, Story.LOCK, waiter, null, before, waits, true);
            story.did(end + 0.29, 280, waiter, Fact.ActivityKind.SLEEP, REPORT);
        }
        return story;
    }

    @Test
    void latchesAndFuturesOfALibraryThatItsUsersEndForEachOtherAreALock() {
        Stack rows = Story.stack(
                "java.util.concurrent.locks.LockSupport.park",
                "org.hsqldb.lib.CountUpDownLatch.await",
                "org.hsqldb.Session.execute",
                "com.acme.Shop.buy");
        Stack own =
                Story.stack("java.util.concurrent.CountDownLatch.await", "com.acme.Shop.buy", "org.hsqldb.Call.run");
        for (WaitKind kind : List.of(WaitKind.LATCH, WaitKind.FUTURE)) {
            List<Finding> found = turns(kind, rows).check(0, 10).found();
            assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
            assertThat(found.get(0).text().what())
                    .contains("a lock made of " + (kind == WaitKind.LATCH ? "latches" : "futures"))
                    .contains("(called from Shop.buy(");
            assertThat(found.get(0).text().why())
                    .startsWith("Several threads ended the 30 waits that were sampled (booking-");
            assertThat(found.get(0).text().change()).startsWith("Let who has it have it for less time");
            assertThat(turns(kind, own).check(0, 10).found()).isEmpty();
        }
    }

    @Test
    void resultsOfTasksThatWorkersRunForEachOtherAreNoLock() {
        Stack result = Story.stack(
                "java.util.concurrent.CountDownLatch.await",
                "scala.concurrent.impl.Promise$DefaultPromise.tryAwait0",
                "com.acme.Shop.buy");

        assertThat(turns(WaitKind.LATCH, result).check(0, 10).found()).isEmpty();
    }

    @Test
    void aCallOfALibraryThatSaysThatItLocksWaitsForALockWhoeverTellsTheNextOne() {
        for (String method : List.of("CacheImpl.lock", "CacheImpl.get")) {
            Stack waits = Story.stack(
                    "java.util.concurrent.locks.LockSupport.park",
                    "org.infinispan.commons.util.concurrent.CompletableFutures.await",
                    "org.infinispan.cache.impl." + method,
                    "com.acme.Shop.buy");
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.wait(second + 0.8, 800, WaitKind.FUTURE, Story.OTHER, "buyer", null, "p2-t1", waits, true);
            }
            List<Finding> found = story.check(0, 10).found();
            if (method.endsWith("lock")) {
                assertThat(found).hasSize(1);
                assertThat(found.get(0).text().what()).contains("a lock made of futures: it waits 800 ms in ");
                assertThat(found.get(0).text().why())
                        .contains("CacheImpl.lock(")
                        .endsWith("says by its name that it is a lock.");
            } else {
                assertThat(found).isEmpty();
            }
        }
    }

    @Test
    void whatALibraryLendsByFuturesIsAShortage() {
        Stack acquire = Story.stack(
                "java.util.concurrent.locks.LockSupport.park",
                "dev.failsafe.internal.BulkheadImpl.tryAcquirePermit",
                "com.acme.Shop.buy");

        List<Finding> found = turns(WaitKind.FUTURE, acquire).check(0, 10).found();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).text().what()).contains("to a shortage");
        assertThat(found.get(0).text().change())
                .startsWith("Let BulkheadImpl lend more (maxConcurrency of Bulkhead.builder)");
    }

    @Test
    void aSemaphoreBehindALockOfALibraryIsThatLock() {
        for (String method : List.of("RedissonLock.lock", "RedissonCountDownLatch.await")) {
            Stack waits = Story.stack(
                    "java.util.concurrent.Semaphore.tryAcquire", "org.redisson." + method, "com.acme.Shop.buy");
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.wait(second + 0.8, 800, WaitKind.SEMAPHORE, Story.OTHER, "buyer", null, "netty-1", waits, true);
            }
            List<Finding> found = story.check(0, 10).found();
            if (method.endsWith("lock")) {
                assertThat(found).hasSize(1);
                assertThat(found.get(0).text().what())
                        .contains("a lock made of a semaphore: it waits 800 ms in RedissonLock.lock(");
            } else {
                assertThat(found).noneMatch(each -> each.text().what().contains("a lock made of"));
            }
        }
    }

    @Test
    void whoWaitsForOneOfThemToLoadAValueIsTold() {
        Stack loads = Story.stack(
                "java.util.concurrent.locks.LockSupport.park",
                "com.google.common.util.concurrent.AbstractFuture.get",
                "com.google.common.cache.LocalCache$Segment.waitForLoadingValue",
                "com.acme.Shop.buy");
        Stack asks = Story.stack(
                "java.util.concurrent.locks.LockSupport.park",
                "com.google.common.util.concurrent.AbstractFuture.get",
                "com.acme.OrderCache.ask");

        List<Finding> found = turns(WaitKind.PARK, loads).check(0, 10).found();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).text().what()).contains("while another of them loads a value into LocalCache");
        assertThat(found.get(0).text().why()).startsWith("Who loads sleeps at Report.run");
        assertThat(turns(WaitKind.PARK, asks).check(0, 10).found()).isEmpty();
        Story together = new Story(); // one loads, the others wait and go on at once
        for (int round = 0; round < 30; round++) {
            for (int user = 0; user < 4; user++) {
                if (user != round % 4) {
                    String by = "buyer-" + round % 4;
                    double end = 0.3 * (round + 1) + 0.0001 * user;
                    together.wait(end, 200, WaitKind.PARK, Story.LOCK, "buyer-" + user, null, by, loads, true);
                }
            }
        }
        assertThat(together.check(0, 10).found())
                .singleElement()
                .satisfies(each -> assertThat(each.text().what()).contains("loads a value into LocalCache"));
        Story answered = new Story();
        for (int second = 0; second < 10; second++) {
            answered.wait(second + 0.8, 800, WaitKind.PARK, Story.LOCK, "buyer", null, "reader", loads, true);
        }
        assertThat(answered.check(0, 10).found()).isEmpty();
    }

    @Test
    void whatAnotherBringsIsWork() {
        assertThat(story(PLAIN, "report").check(0, 10).found()).isEmpty();
    }

    @Test
    void whoBeginsToReadOrWriteAsksForALock() {
        for (String method :
                List.of("beginRead", "startWriting", "acquireShared", "begin", "readNext", "startReadTimer")) {
            Stack waits = Story.stack("java.lang.Object.wait", "com.acme.Guard." + method, "com.acme.Wiki.page");
            List<Finding> found = story(waits, "report").check(0, 10).found();

            assertThat(found)
                    .as(method)
                    .hasSize(
                            List.of("beginRead", "startWriting", "acquireShared")
                                            .contains(method)
                                    ? 1
                                    : 0);
        }
    }
}
