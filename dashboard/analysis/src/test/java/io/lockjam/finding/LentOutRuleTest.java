// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class LentOutRuleTest {
    private static final int USERS = 6;
    private static final Stack BORROW =
            Story.stack("java.lang.Object.wait", "org.lender.Pool.borrow", "com.acme.Web.page");

    private static final Stack TAKE = Story.stack("java.util.concurrent.ArrayBlockingQueue.take", "com.acme.Web.page");

    /** In each second every user waits 800 ms, and one of the threads named ends the wait. */
    private static Findings check(double apart, boolean byUsers) {
        return check(apart, byUsers, new Story());
    }

    private static Findings check(double apart, boolean byUsers, Story story) {
        return check(apart, byUsers, story, BORROW);
    }

    private static Findings check(double apart, boolean byUsers, Story story, Stack borrow) {
        for (int second = 0; second < 10; second++) {
            for (int user = 0; user < USERS; user++) {
                String by = byUsers ? "user-" + (apart > 0 ? (user + 1) % USERS : USERS) : "reader";
                story.wait(
                        second + 0.8 + apart * user,
                        800,
                        WaitKind.CONDITION,
                        Story.LOCK,
                        "user-" + user,
                        null,
                        by,
                        borrow,
                        true);
            }
            if (apart == 0) { // the one that ends the waits of all waits, too
                story.wait(second + 0.5, 10, WaitKind.CONDITION, Story.LOCK, "user-" + USERS, null, null, borrow, true);
            }
        }
        return story.check(0, 10);
    }

    @Test
    void whatUsersGiveBackToEachOtherIsTooFew() {
        List<Finding> found = check(0.02, true).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what())
                .isEqualTo(
                        "6 threads lose 48 s of thread time in 10 s to a shortage: each waits 800 ms in Pool.borrow(Pool.java:32)"
                                + " for what another of them gives back.");
        assertThat(text.change()).startsWith("Let Pool lend more").contains("called from Web.page");
    }

    @Test
    void whatLendsWithinAnotherClassIsToldFromIt() {
        Stack nested = Story.stack("java.lang.Object.wait", "com.acme.Shop$Tills.borrow", "com.acme.Web.page");
        assertThat(check(0.02, true, new Story(), nested).found().get(0).text().change())
                .startsWith("Let Shop$Tills lend more");
    }

    @Test
    void whoWaitsForItsTurnLacksNothing() {
        Story story = new Story();
        story.inTurn.add("borrow");

        assertThat(check(0.02, true, story).found()).isEmpty();
    }

    @Test
    void aLibraryThatHasASettingIsAdvisedByIt() {
        Stack lease = Story.stack(
                "java.lang.Object.wait",
                "org.apache.http.pool.AbstractConnPool.lease",
                "org.apache.http.impl.conn.PoolingHttpClientConnectionManager.leaseConnection",
                "com.acme.Web.page");

        assertThat(LenderSettings.of(lease))
                .startsWith(" (setDefaultMaxPerRoute of Pooling")
                .contains("2 for each");
        assertThat(LenderSettings.of(BORROW)).isEmpty();
    }

    @Test
    void answersOfAThreadThatDoesNotWaitThereAreNone() {
        assertThat(check(0.02, false).found()).isEmpty();
    }

    /** Takers wait for elements, and the one that brings them waits for room once in a second: under one name, as in a library. */
    private static List<Finding> buffer(LockRef room, Stack put) {
        Story story = new Story();
        story.names.put(room, "com.acme.Cache.lock");
        Stack take = Story.stack("java.lang.Object.wait", "org.lender.Monitor.await", "com.acme.Buffer.take");
        for (int second = 0; second < 10; second++) {
            for (int user = 0; user < USERS; user++) {
                double end = second + 0.8 + 0.02 * user;
                story.wait(end, 800, WaitKind.CONDITION, Story.LOCK, "user-" + user, null, "bringer", take, true);
            }
            story.wait(second + 0.95, 10, WaitKind.CONDITION, room, "bringer", null, "user-1", put, true);
        }
        return story.check(0, 10).found();
    }

    @Test
    void whoWaitsForRoomAtTheSameLineButOnAnotherObjectGivesNothingBack() {
        LockRef notFull = new LockRef(Story.LOCK.className(), "a2");
        Stack put = Story.stack("java.lang.Object.wait", "org.lender.Monitor.await", "com.acme.Buffer.put");

        assertThat(buffer(notFull, put)).isEmpty();
    }

    @Test
    void whoWaitsForRoomInAnotherMethodOfTheSameObjectGivesNothingBack() {
        assertThat(buffer(Story.LOCK, Story.stack("java.lang.Object.wait", "com.acme.Buffer.put")))
                .isEmpty();
    }

    @Test
    void whoIsWokenInVainStillWaitsForOneToBeGivenBack() {
        Story story = new Story();
        for (int round = 0; round < 100; round++) { // one of six gets it each 100 ms, the others wait again at once
            for (int user = 0; user < USERS; user++) {
                if (user != round % USERS) {
                    double end = 0.1 * (round + 1) - 0.00005 * (user + 1);
                    String by = "user-" + round % USERS;
                    story.wait(end, 99.9, WaitKind.OBJECT_WAIT, Story.MONITOR, "user-" + user, null, by, BORROW, true);
                }
            }
        }

        assertThat(story.check(0, 10).found()).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
    }

    @Test
    void consumersThatWakeEachOtherInVainWaitForWork() {
        Stack consume = Story.stack("java.lang.Object.wait", "org.lender.Buffer.take", "com.acme.Web.page");
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            for (int user = 0; user < USERS; user++) {
                String by = user == 0 ? "producer" : "user-0";
                double end = second + 0.9 + 0.002 * user;
                story.wait(end, 999.99, WaitKind.OBJECT_WAIT, Story.MONITOR, "user-" + user, null, by, consume, true);
            }
        }

        assertThat(story.check(0, 10).found()).isEmpty();
    }

    @Test
    void aSignalToAllIsNone() {
        assertThat(check(0, true).found()).isEmpty();
    }

    /** Six users of three things: each takes, works for 90 ms and puts back; whoever it wakes comes too late once in a while. */
    private static Story queue(boolean byUsers) {
        Story story = new Story();
        LockRef queue = new LockRef("java.util.concurrent.ArrayBlockingQueue", "c3");
        for (int round = 0; round < 100; round++) {
            int user = round % USERS;
            String by = byUsers ? "user-" + (user + 3) % USERS : "producer";
            story.wait(0.1 * (round + 1), 500, WaitKind.QUEUE_TAKE, queue, "user-" + user, null, by, TAKE, true);
        }
        return story;
    }

    @Test
    void whatTakersPutBackToEachOtherIsTooFew() {
        Story story = queue(true);
        story.borrowers.add("page");

        List<Finding> found = story.check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        assertThat(found.get(0).details().subject().type()).isEqualTo("queue");
        assertThat(found.get(0).text().what()).contains("to a shortage").contains("Web.page");
    }

    @Test
    void tasksThatTakersMakeForEachOtherAreWork() {
        assertThat(queue(true).check(0, 10).found()).isEmpty();
    }

    @Test
    void whatAProducerBringsIsWork() {
        Story story = queue(false);
        story.borrowers.add("page");

        assertThat(story.check(0, 10).found()).isEmpty();
    }

    /** A synchronizer of a library's own counts as a lock to the JVM. In each second every user waits 600 ms at it. */
    private static List<Finding> synchronizer(boolean owned, String asks) {
        Stack stack = Story.stack(
                "java.util.concurrent.locks.AbstractQueuedLongSynchronizer.acquire",
                "io.agroal.pool.ConnectionPool.handlerFromSharedCache",
                asks,
                "com.acme.Web.page");
        LockRef lock = new LockRef("io.agroal.pool.util.AgroalSynchronizer", "a9");
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            for (int user = 0; user < USERS; user++) {
                String by = "user-" + (user + 1) % USERS;
                double end = second + 0.6 + 0.02 * user;
                story.wait(end, 600, WaitKind.LOCK, lock, "user-" + user, owned ? by : null, by, stack, true);
            }
        }
        return story.check(0, 10).found();
    }

    @Test
    void aSynchronizerWithoutOwnersBehindAPoolLends() {
        List<Finding> found = synchronizer(false, "io.agroal.pool.ConnectionPool.getConnection");

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        assertThat(found.get(0).text().what())
                .contains("to a shortage: each waits 600 ms in ConnectionPool.handlerFromSharedCache");
        assertThat(found.get(0).text().change())
                .startsWith("Let ConnectionPool lend more (maxSize, in Quarkus quarkus.datasource.jdbc.max-size)")
                .contains("called from Web.page");
    }

    @Test
    void oneThatHasOwnersOrIsBehindNoPoolIsALock() {
        assertThat(synchronizer(true, "io.agroal.pool.ConnectionPool.getConnection"))
                .noneMatch(each -> each.text().what().contains("shortage"));
        assertThat(synchronizer(false, "io.agroal.pool.ConnectionPool.flush"))
                .noneMatch(each -> each.text().what().contains("shortage"));
    }

    /** So many want a permit that whoever has one is lost among them. */
    private static String crowd(Initial permits) {
        return crowd(permits, "").what();
    }

    /** @param leaving method of which an exception leaves the permit taken */
    private static Text crowd(Initial permits, String leaving) {
        Stack stack = Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Web.page");
        LockRef lock = new LockRef("java.util.concurrent.Semaphore", "5e");
        Story story = new Story();
        story.names.put(lock, "com.acme.Web.permits");
        story.initials.put("com.acme.Web.permits", permits);
        for (int i = 0; i < 100; i++) {
            String by = "user-" + (i + 39) % 40;
            story.wait(i / 10.0, 3_950, WaitKind.SEMAPHORE, lock, "user-" + i % 40, null, by, stack, true);
        }
        story.leavesPermit.add(leaving);
        return story.check(0, 10).found().get(0).text();
    }

    @Test
    void permitsThatAnExceptionTakesAwayAreToldBeforeAllAreGone() {
        assertThat(crowd(Initial.MORE, "page").change())
                .startsWith("Release the permit of Web.permits in a finally block, at Web.page(")
                .contains("If nothing is thrown there, let Web.permits lend more");
        assertThat(crowd(Initial.MORE, "other").change()).startsWith("Let Web.permits lend more");
    }

    @Test
    void permitsThatManyWaitForAreLent() {
        assertThat(crowd(Initial.MORE)).contains("40 threads lose 6 min 35 s").contains("to a shortage");
        assertThat(crowd(Initial.UNKNOWN)).contains("to a shortage");
        assertThat(crowd(Initial.ONE)).doesNotContain("shortage");
    }
}
