// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LentForGoodRuleTest {
    private static final Stack LEASE = Story.stack(
            "java.lang.Object.wait", "org.lender.Future.get", "org.lender.StrictPool.lease", "com.acme.Web.page");

    /** Three threads that wait for ten seconds and go on waiting. */
    private static Story story(Stack stack) {
        return story(stack, Story.LOCK);
    }

    private static Story story(Stack stack, LockRef lock) {
        Story story = new Story();
        for (int user = 1; user <= 3; user++) {
            for (int second = 0; second <= 10; second++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.CONDITION, lock, null, second, false);
                story.waits(second, "user-" + user, lock, "TIMED_WAITING", stack);
            }
        }
        return story;
    }

    @Test
    void whatIsKeptIsTold() {
        List<Finding> found = story(LEASE).check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what())
                .isEqualTo("3 threads wait for what StrictPool lends, and nothing is given back (10 s so far).");
        assertThat(text.change())
                .contains("not closed")
                .contains("called from Web.page")
                .contains("failed to make them");
    }

    @Test
    void ofAllThatWaitTheOneThatKeepsOneIsTold() {
        Story story = story(LEASE);
        Stack inner = Story.stack(
                "java.lang.Object.wait",
                "org.lender.Future.get",
                "org.lender.StrictPool.lease",
                "com.acme.Web.audit",
                "com.acme.Web.page");
        story.waitingNow(10, "user-9", 9, WaitKind.CONDITION, Story.LOCK, null, 10, false);
        story.waits(10, "user-9", Story.LOCK, "TIMED_WAITING", inner);
        story.keepingOne.add("audit");

        assertThat(story.check(0, 10).found().get(0).text().why()).contains("has one already, taken at Web.audit(");
    }

    @Test
    void aPoolMayBeNestedInTheClassThatUsesIt() {
        Stack user = Story.stack(
                "java.lang.Object.wait", "com.acme.App$Pool.acquire", "com.acme.App.page", "java.lang.Thread.run");

        assertThat(story(user).kinds(0, 10)).containsExactly("lock-contention");
    }

    @Test
    void whatIsWaitedForMayBeThePool() {
        Stack user = Story.stack("java.lang.Object.wait", "org.lender.HostManager.getConnection", "com.acme.Web.page");
        LockRef pool = new LockRef("org.lender.HostManager$ConnectionPool", "9");
        LockRef hosts = new LockRef("org.lender.HostManager$Hosts", "9");

        assertThat(story(user, pool).check(0, 10).found())
                .extracting(Finding::title)
                .containsExactly("3 threads wait for what HostManager lends, and nothing is given back (10 s so far).");
        assertThat(story(user, hosts).kinds(0, 10)).isEmpty();
    }

    @Test
    void aDataSourceWhoseUsersWaitIsAPool() {
        Stack user = Story.stack(
                "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await",
                "org.lender.ManyDataSource.takeLast",
                "org.lender.ManyDataSource.getConnection",
                "com.acme.Web.page");

        assertThat(story(user).check(0, 10).found())
                .extracting(Finding::title)
                .containsExactly(
                        "3 threads wait for what ManyDataSource lends, and nothing is given back (10 s so far).");
    }

    /** Three threads of which each sleeps two milliseconds at a time, in nearly all of their time. */
    private static Story polling(String method) {
        Story story = new Story();
        Stack stack = Story.stack("java.lang.Thread.sleep", method, "com.acme.Web.page");
        for (int turn = 0; turn < 400; turn++) {
            for (int user = 1; user <= 3; user++) {
                story.did(0.025 * turn, 22, "user-" + user, Fact.ActivityKind.SLEEP, stack);
            }
        }
        return story;
    }

    @Test
    void whoSleepsUntilSomethingIsFreeIsTold() {
        Story story = polling("org.lender.ConnPool.getConnection");
        Text text = story.check(0, 10).found().get(0).text();

        assertThat(story.kinds(0, 10)).containsExactly("busy-wait");
        assertThat(text.what()).startsWith("3 threads sleep 120 times a second until ConnPool has something to lend");
        assertThat(text.change()).startsWith("Let ConnPool lend more");
        story.keepingOne.add("page");
        assertThat(story.check(0, 10).found().get(0).text().why()).contains("has one already, taken at Web.page(");
    }

    @Test
    void whoSleepsOnceInAPoolOrElsewhereOftenIsNot() {
        Story once = polling("org.lender.ConnPool.getConnection");
        once.waitsOnce.add("getConnection");

        assertThat(once.kinds(0, 10)).isEmpty();
        assertThat(polling("org.lender.ConnPool.check").kinds(0, 10)).isEmpty();
        assertThat(polling("org.lender.Conn.getConnection").kinds(0, 10)).isEmpty();
    }

    @Test
    void workersOfAPoolThatBorrowTheirTasksIdle() {
        Stack worker = Story.stack(
                "java.lang.Object.wait",
                "com.acme.OwnPool.acquireNext",
                "com.acme.OwnPool$Worker.run",
                "java.lang.Thread.run");

        assertThat(story(worker).check(0, 10).found()).isEmpty();
    }

    @Test
    void aPoolOfWhichNothingIsBorrowedMayBeOneOfTasks() {
        Stack worker = Story.stack("java.lang.Object.wait", "com.acme.OwnPool.next", "com.acme.Worker.run");

        assertThat(story(worker).check(0, 10).found()).isEmpty();
    }

    @Test
    void whatComesBackNowAndThenIsNotKeptForGood() {
        Story story = story(LEASE);
        story.wait(5, 100, WaitKind.CONDITION, Story.LOCK, "user-4", null, "user-5", LEASE, true);

        assertThat(story.check(0, 10).found()).isEmpty();
    }

    /** Connections that a pool hands over by a queue: who waits there is idle only if the agent says so. */
    private static List<Finding> atQueue(Stack stack, boolean idle) {
        Story story = new Story();
        for (int user = 1; user <= 3; user++) {
            for (int second = 0; second <= 10; second++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.QUEUE_TAKE, Story.LOCK, null, second, idle);
                story.waits(second, "user-" + user, Story.LOCK, "TIMED_WAITING", stack);
            }
        }
        return story.check(0, 10).found();
    }

    @Test
    void connectionsThatComeThroughAQueueAreKeptAsWell() {
        Stack borrow = Story.stack(
                "java.util.concurrent.SynchronousQueue.poll", "org.lender.ConnPool.getConnection", "com.acme.Web.page");

        assertThat(atQueue(borrow, true)).isEmpty();
        List<Finding> found = atQueue(borrow, false);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).text().what()).startsWith("3 threads wait for what ConnPool lends, and nothing");
        assertThat(found.get(0).text().change()).contains("not closed");
    }

    @Test
    void aTransactionInsideAnotherIsNamed() {
        String transaction = "org.springframework.transaction.support.TransactionTemplate.execute";
        Stack inner = Story.stack(
                "java.util.concurrent.SynchronousQueue.poll",
                "com.zaxxer.hikari.pool.HikariPool.getConnection",
                transaction,
                "com.acme.Audit.write",
                "com.acme.Orders.place",
                transaction,
                "com.acme.Web.page");

        Text text = atQueue(inner, false).get(0).text();
        assertThat(text.why()).contains("A transaction is begun inside another one at Audit.write(");
        assertThat(text.change())
                .startsWith("Use one transaction at Audit.write(")
                .doesNotContain("not closed");
    }

    @Test
    void oneTransactionIsNotCalledNested() {
        Stack only = Story.stack(
                "java.util.concurrent.SynchronousQueue.poll",
                "com.zaxxer.hikari.pool.HikariPool.getConnection",
                "org.springframework.transaction.support.AbstractPlatformTransactionManager.getTransaction",
                "org.springframework.transaction.support.TransactionTemplate.execute",
                "com.acme.Web.page");

        assertThat(atQueue(only, false).get(0).text().change()).contains("not closed");
    }

    @Test
    void whoKeepsOneWhileItAsksForAnotherIsNamed() {
        Story story = story(LEASE);
        story.keepingOne.add("page");

        Text text = story.check(0, 10).found().get(0).text();

        assertThat(text.why()).contains("has one already, taken at Web.page(");
        assertThat(text.change())
                .startsWith("Do with the one of Web.page(")
                .contains("asked for at Web.page(")
                .doesNotContain("not closed");
    }

    @Test
    void whoHasAPermitForOneThatItBorrowedAndAsksForAnotherIsNamed() {
        LockRef permits = new LockRef("java.util.concurrent.Semaphore", "5e");
        Stack take = Story.stack(
                "java.util.concurrent.Semaphore.tryAcquire",
                "org.vibur.objectpool.ConcurrentPool.borrow",
                "com.acme.Web.page");
        Story story = new Story();
        for (int user = 1; user <= 3; user++) {
            for (int second = 0; second <= 10; second++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.SEMAPHORE, permits, null, second, false);
                story.waits(second, "user-" + user, permits, "TIMED_WAITING", take);
            }
        }
        story.mayGiveBack.add("borrow");
        assertThat(story.check(0, 10).found().get(0).text().change()).startsWith("Find who keeps permits of");
        story.keepingOne.add("page");

        Text text = story.check(0, 10).found().get(0).text();

        assertThat(text.why()).contains("has one already, taken at Web.page(");
        assertThat(text.change()).startsWith("Do with the one of Web.page(");
    }

    private static List<Finding> synchronizer(@Nullable String owner) {
        Stack stack = Story.stack(
                "java.util.concurrent.locks.AbstractQueuedLongSynchronizer.acquire",
                "io.agroal.pool.ConnectionPool.handlerFromSharedCache",
                "io.agroal.pool.ConnectionPool.getConnection",
                "com.acme.Web.page");
        LockRef lock = new LockRef("io.agroal.pool.util.AgroalSynchronizer", "a9");
        Story story = new Story();
        for (int user = 1; user <= 3; user++) {
            for (int second = 0; second <= 10; second++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.LOCK, lock, owner, second, false);
                story.waits(second, "user-" + user, lock, "TIMED_WAITING", stack);
            }
        }
        return story.check(0, 10).found();
    }

    @Test
    void aSynchronizerOfAPoolThatNobodyOwnsKeepsWaitersForWhatIsLent() {
        assertThat(synchronizer(null))
                .extracting(each -> each.text().what())
                .containsExactly(
                        "3 threads wait for what ConnectionPool lends, and nothing is given back (10 s so far).");
        assertThat(synchronizer("writer"))
                .extracting(each -> each.text().what())
                .noneMatch(what -> what.contains("lends"));
    }
}
