// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cycles that no owner closes, but the code on the stacks does. */
class CodeOwnersTest {
    private static final LockRef SIGNAL = new LockRef("java.util.concurrent.CountDownLatch", "5161");
    private static final LockRef PERMIT = new LockRef("java.util.concurrent.Semaphore", "9e41");
    private static final LockRef OTHER_PERMIT = new LockRef("java.util.concurrent.Semaphore", "9e42");
    private static final LockRef FREE = new LockRef("java.util.concurrent.LinkedBlockingQueue", "71");
    private static final String OPENED = "com.acme.Gate.opened";

    /** Reader has the lock and waits for a signal; giver wants the lock. */
    private static Story lockout(WaitKind kind) {
        Story story = new Story();
        story.names.put(SIGNAL, OPENED);
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "reader", 4, kind, SIGNAL, null, second, false);
            story.waitingNow(second, "giver", 7, WaitKind.LOCK, Story.LOCK, "reader", second, false);
        }
        story.waits(1, "reader", SIGNAL, "WAITING", Story.stack("com.acme.Gate.read"));
        story.waits(1, "giver", Story.LOCK, "WAITING", Story.stack("com.acme.Gate.open"));
        return story;
    }

    private static void owes(Story story, String method, WaitKind kind, String name, boolean taken) {
        story.owed.put(method, Set.of(new Owed(kind, name, "com.acme." + method, taken, false)));
    }

    private static void owesAfter(Story story, String method, WaitKind kind, String name, boolean onlyAfter) {
        story.owed.put(method, Set.of(new Owed(kind, name, "com.acme." + method, false, onlyAfter)));
    }

    @Test
    void whoHoldsTheLockThatTheSignallerNeedsWaitsForEver() {
        Story story = lockout(WaitKind.LATCH);
        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
        owes(story, "open", WaitKind.LATCH, OPENED, false);

        Finding found = deadlock(story);
        assertThat(found.details().threads()).containsExactlyInAnyOrder("reader", "giver");
        assertThat(found.text().why()).contains("reader waits for Gate.opened, which giver has still to count down");
        assertThat(found.text().change())
                .startsWith("Give back Cache.lock before waiting for the signal at Gate.read(Gate.java:");
        assertThat(found.text().certainty()).startsWith("Concluded from the code");
        assertThat(story.kinds(2, 12.5)).containsExactly("deadlock");
    }

    @Test
    void aSignalOfAnotherNameOrKindClosesNothing() {
        Story name = lockout(WaitKind.LATCH);
        owes(name, "open", WaitKind.LATCH, "com.acme.Gate.closed", false);
        Story kind = lockout(WaitKind.LATCH);
        owes(kind, "open", WaitKind.CONDITION, OPENED, false);

        assertThat(name.kinds(2, 12.5)).doesNotContain("deadlock");
        assertThat(kind.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void aSignalThatAnotherMethodGivesAsWellMayStillCome() {
        Story story = lockout(WaitKind.LATCH);
        owes(story, "open", WaitKind.LATCH, OPENED, false);
        story.places.addAll(Set.of("com.acme.open", "com.acme.Gate.read"));
        assertThat(story.kinds(2, 12.5)).containsExactly("deadlock");

        story.places.add("com.acme.Gate.answer");
        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void aThreadThatSleepsAndWillSignalMakesItAWaitLikeAnother() {
        Story story = lockout(WaitKind.LATCH);
        owes(story, "open", WaitKind.LATCH, OPENED, false);
        owes(story, "listen", WaitKind.LATCH, OPENED, false);
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("network", 'S'));
        }
        story.seen(
                3, "network", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.Net.listen"));

        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void aSignallerThatWaitsForSomethingElseMayStillCome() {
        Story story = lockout(WaitKind.LATCH);
        owes(story, "open", WaitKind.LATCH, OPENED, false);
        owes(story, "listen", WaitKind.LATCH, OPENED, false);
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "network", 9, WaitKind.OBJECT_WAIT, Story.MONITOR, null, second, false);
        }
        story.waits(1, "network", Story.MONITOR, "WAITING", Story.stack("com.acme.Net.listen"));

        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void aWaitWithATimeLimitEndsByItself() {
        Story story = lockout(WaitKind.LATCH);
        owes(story, "open", WaitKind.LATCH, OPENED, false);
        story.waits(2, "reader", SIGNAL, "TIMED_WAITING", Story.stack("com.acme.Gate.read"));

        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void aTaskThatNeedsTheLockOfWhoWaitsForItsResult() {
        Story story = lockout(WaitKind.FUTURE);
        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
        story.tasks.put("open", "read");

        assertThat(deadlock(story).text().change()).contains("before waiting for the result of another task");
    }

    @Test
    void aTaskOfTheSamePlaceThatSleepsMayBeTheOneWaitedFor() {
        Story story = lockout(WaitKind.FUTURE);
        story.tasks.put("open", "read");
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("worker-2", 'S'));
        }
        story.seen(
                3, "worker-2", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.Gate.open"));

        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    /** Each has a connection and takes another from the queue that holds those which are free. */
    private static Story connections() {
        Story story = new Story();
        story.names.put(FREE, "com.acme.Base.free");
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "web-1", 4, WaitKind.QUEUE_TAKE, FREE, null, second, true);
            story.waitingNow(second, "web-2", 7, WaitKind.QUEUE_TAKE, FREE, null, second, true);
        }
        story.seen(6, "web-1", "taker", "WAITING", Story.stack("com.acme.Base.move"));
        story.seen(6, "web-2", "taker", "WAITING", Story.stack("com.acme.Base.move"));
        story.borrowers.add("move");
        owes(story, "move", WaitKind.QUEUE_TAKE, "com.acme.Base.free", true);
        return story;
    }

    @Test
    void allHaveOneOfAPoolMadeOfAQueueAndWantASecond() {
        Finding found = deadlock(connections());

        assertThat(found.text().why())
                .contains(
                        "web-1 waits for an element of Base.free, one of which by its code web-2 has and is to put back");
        assertThat(found.text().change()).startsWith("Do not take a second element of Base.free");
        assertThat(connections().kinds(2, 12.5)).containsExactly("deadlock");
    }

    @Test
    void consumersThatPutNothingBackIdle() {
        Story story = connections();
        story.borrowers.clear();

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void whatAThreadHasThatDoesNotWaitForAnotherComesBack() {
        Story elsewhere = connections();
        elsewhere.waits(1, "web-3", Story.LOCK, "WAITING", Story.stack("com.acme.Base.report"));
        owes(elsewhere, "report", WaitKind.QUEUE_TAKE, "com.acme.Base.free", true);
        for (int second = 1; second <= 12; second++) {
            elsewhere.waitingNow(second, "web-3", 9, WaitKind.CONDITION, Story.LOCK, null, second, false);
        }
        Story asleep = connections();
        owes(asleep, "report", WaitKind.QUEUE_TAKE, "com.acme.Base.free", true);
        asleep.states(12, Map.of("web-3", 'S'));
        asleep.seen(3, "web-3", "asleep", "TIMED_WAITING", Story.stack("com.acme.Base.report"));

        assertThat(elsewhere.kinds(2, 12.5)).doesNotContain("deadlock");
        assertThat(asleep.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void aTaskMayFillThePoolUp() {
        Story story = connections();
        story.giving.add("com.acme.Base.reconnect");

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    /** One has a permit of each sort that the other wants. */
    private static Story permits(boolean taken) {
        Story story = new Story();
        story.names.put(PERMIT, "com.acme.Office.printer");
        story.names.put(OTHER_PERMIT, "com.acme.Office.scanner");
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "copy", 4, WaitKind.SEMAPHORE, PERMIT, null, second, false);
            story.waitingNow(second, "fax", 7, WaitKind.SEMAPHORE, OTHER_PERMIT, null, second, false);
        }
        story.waits(1, "copy", PERMIT, "WAITING", Story.stack("com.acme.Office.copy"));
        story.waits(1, "fax", OTHER_PERMIT, "WAITING", Story.stack("com.acme.Office.fax"));
        owes(story, "copy", WaitKind.SEMAPHORE, "com.acme.Office.scanner", taken);
        owes(story, "fax", WaitKind.SEMAPHORE, "com.acme.Office.printer", taken);
        return story;
    }

    @Test
    void permitsTakenInOppositeOrders() {
        Finding found = deadlock(permits(true));

        assertThat(found.text().why())
                .contains("copy wants a permit of Office.printer, of which by its code fax has one");
        assertThat(found.text().change()).startsWith("Take these locks in one order everywhere");
    }

    /** Each of five has the fork to its left and wants the one to its right: the code calls all of them by one name. */
    private static Story philosophers() {
        Story story = new Story();
        for (int i = 0; i < 5; i++) {
            LockRef fork = new LockRef("java.util.concurrent.Semaphore", "f0" + i);
            story.names.put(fork, "com.acme.Table.forks[]");
            for (int second = 1; second <= 12; second++) {
                story.waitingNow(second, "diner-" + i, 4, WaitKind.SEMAPHORE, fork, null, second, false);
            }
            story.waits(1, "diner-" + i, fork, "WAITING", Story.stack("com.acme.Table.eat"));
        }
        owes(story, "eat", WaitKind.SEMAPHORE, "com.acme.Table.forks[]", true);
        return story;
    }

    @Test
    void elementsOfAnArrayAreHeldByOneAnother() {
        Finding found = deadlock(philosophers());

        assertThat(found.details().threads())
                .containsExactlyInAnyOrder("diner-0", "diner-1", "diner-2", "diner-3", "diner-4");
        assertThat(found.text().why())
                .contains(
                        "diner-2 wants a permit of Table.forks[]@f02, of which by its code one of the others has one");
        assertThat(found.text().change())
                .startsWith(
                        "Take Table.forks[] in an order that does not depend on the thread, such as the smaller index first");
        assertThat(philosophers().kinds(2, 12.5)).containsExactly("deadlock");
    }

    /** Each waits for what the other gives. */
    private static Story results(WaitKind kind, boolean onlyAfter) {
        Story story = new Story();
        story.names.put(PERMIT, "com.acme.Parcel.weight");
        story.names.put(OTHER_PERMIT, "com.acme.Parcel.size");
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "scales", 4, kind, OTHER_PERMIT, null, second, false);
            story.waitingNow(second, "ruler", 7, kind, PERMIT, null, second, false);
        }
        story.waits(1, "scales", OTHER_PERMIT, "WAITING", Story.stack("com.acme.Parcel.weigh"));
        story.waits(1, "ruler", PERMIT, "WAITING", Story.stack("com.acme.Parcel.measure"));
        owesAfter(story, "weigh", kind, "com.acme.Parcel.weight", onlyAfter);
        owesAfter(story, "measure", kind, "com.acme.Parcel.size", true);
        return story;
    }

    @Test
    void resultsThatAreGivenOnlyAfterEachOther() {
        for (WaitKind kind : List.of(WaitKind.FUTURE, WaitKind.LATCH)) {
            Finding found = deadlock(results(kind, true));
            assertThat(found.details().threads()).containsExactlyInAnyOrder("scales", "ruler");
            assertThat(found.text().certainty()).startsWith("Concluded from the code");
            assertThat(results(kind, false).kinds(2, 12.5)).doesNotContain("deadlock");
        }
        Story elsewhere = results(WaitKind.FUTURE, true);
        elsewhere.places.add("com.acme.Parcel.ask");
        assertThat(elsewhere.kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void permitsHandedToAndFroMayWaitForAThirdToBegin() {
        assertThat(permits(false).kinds(2, 12.5)).doesNotContain("deadlock");
    }

    @Test
    void whoFillsAQueueThatOnlyHeEmptiesWaitsForHimself() {
        Story story = new Story();
        LockRef queue = new LockRef("java.util.concurrent.ArrayBlockingQueue", "9");
        story.names.put(queue, "com.acme.Crawler.links");
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "crawler", 4, WaitKind.QUEUE_PUT, queue, null, second, false);
        }
        story.waits(1, "crawler", queue, "WAITING", Story.stack("com.acme.Crawler.crawl"));
        assertThat(story.kinds(2, 12.5)).doesNotContain("deadlock");
        owes(story, "crawl", WaitKind.QUEUE_PUT, "com.acme.Crawler.links", false);

        assertThat(deadlock(story).title()).startsWith("crawler waits for itself");
        assertThat(deadlock(story).text().change()).contains("use offer", "Crawler.crawl(Crawler.java:");
    }

    @Test
    void aWaitOfWhichOnlyTheOwnersStackIsKnownGetsItsName() {
        Story story = new Story();
        story.names.put(SIGNAL, OPENED);
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "reader", 4, WaitKind.LATCH, SIGNAL, null, second, false);
            story.waitingNow(second, "giver", 7, WaitKind.LOCK, Story.LOCK, "reader", second, false);
        }
        story.seen(1, "reader", "owner", "WAITING", Story.stack("com.acme.Gate.read"));
        story.waits(1, "giver", Story.LOCK, "WAITING", Story.stack("com.acme.Gate.open"));
        owes(story, "open", WaitKind.LATCH, OPENED, false);

        assertThat(deadlock(story).text().why()).contains("reader waits for Gate.opened");
    }

    @Test
    void theConditionInsideAQueueGoesByTheQueue() {
        Story story = lockout(WaitKind.CONDITION);
        story.waits(
                1,
                "reader",
                SIGNAL,
                "WAITING",
                Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Gate.read"));
        owes(story, "open", WaitKind.QUEUE_TAKE, OPENED, false);

        assertThat(deadlock(story).text().why()).contains("an element of Gate.opened, which giver has still to put in");
        assertThat(deadlock(story).text().change()).contains("before waiting at the queue at Gate.read(");
    }

    private static Finding deadlock(Story story) {
        List<Finding> found = story.check(2, 12.5).found().stream()
                .filter(each -> each.kind() == Kind.DEADLOCK)
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
