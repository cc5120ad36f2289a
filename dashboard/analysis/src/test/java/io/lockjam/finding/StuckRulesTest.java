// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StuckRulesTest {
    private static Story cycle(WaitKind first, WaitKind second, long idLater) {
        Story story = new Story();
        for (int i = 1; i <= 4; i++) {
            long id = i < 3 ? 5 : idLater;
            story.waitingNow(i, "a", id, first, Story.LOCK, "b", i, false);
            story.waitingNow(i, "b", 9, second, Story.MONITOR, "a", i, false);
            story.waitingNow(i, "c", 3, second, Story.MONITOR, "a", i, false);
        }
        return story;
    }

    @Test
    void aCycleOfLockAndMonitorThatStandsStillIsADeadlock() {
        Findings findings = cycle(WaitKind.LOCK, WaitKind.MONITOR, 5).check(0, 4.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.DEADLOCK);
        Finding finding = findings.found().get(0);
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.title()).contains("a").contains("b").contains("for ever");
        assertThat(finding.text().cost()).contains("1 thread behind");
    }

    @Test
    void classInitialisationCountsAsALock() {
        Findings findings = cycle(WaitKind.CLASS_INIT, WaitKind.CLASS_INIT, 5).check(0, 4.5);

        assertThat(findings.found()).extracting(Finding::kind).contains(Kind.DEADLOCK);
        assertThat(findings.found().get(0).text().change()).contains("static");
    }

    @Test
    void aCycleThatMovedBetweenSnapshotsIsNoDeadlock() {
        Story story = cycle(WaitKind.LOCK, WaitKind.MONITOR, 5);
        story.waitingNow(5, "a", 77, WaitKind.LOCK, Story.LOCK, "b", 0.1, false);
        story.waitingNow(5, "b", 78, WaitKind.MONITOR, Story.MONITOR, "a", 0.1, false);

        assertThat(story.kinds(0, 5.5)).doesNotContain("deadlock");
    }

    @Test
    void oneSnapshotIsNotEnough() {
        Story story = new Story();
        story.waitingNow(1, "a", 5, WaitKind.LOCK, Story.LOCK, "b", 1, false);
        story.waitingNow(1, "b", 6, WaitKind.LOCK, Story.OTHER, "a", 1, false);

        assertThat(story.kinds(0, 1.5)).doesNotContain("deadlock");
    }

    /** Threads a and b in waits of one kind that each other would have to end, for ten seconds. */
    private static Story pair(WaitKind kind, LockRef one, LockRef other, String state, String... methods) {
        Story story = new Story();
        for (int i = 1; i <= 10; i++) {
            story.waitingNow(i, "a", 5, kind, one, "b", i, false);
            story.waitingNow(i, "b", 6, kind, other, "a", i, false);
        }
        story.waits(2, "a", one, state, Story.stack(methods));
        story.waits(2, "b", other, state, Story.stack(methods));
        return story;
    }

    @Test
    void whoWaitsWithATimeLimitIsNotLost() {
        Story story = pair(WaitKind.LOCK, Story.LOCK, Story.OTHER, "TIMED_WAITING", "com.acme.Bank.tryBoth");

        assertThat(story.kinds(0, 10.5)).doesNotContain("deadlock");
    }

    @Test
    void theCureFollowsFromWhatIsWaitedFor() {
        Story upgrade = pair(WaitKind.WRITE, Story.LOCK, Story.LOCK, "WAITING", "com.acme.Book.note");
        Story join = pair(WaitKind.JOIN, Story.LOCK, Story.OTHER, "WAITING", "com.acme.Book.finish");
        Story alike = pair(WaitKind.MONITOR, Story.MONITOR, Story.NAMED_MONITOR, "BLOCKED", "com.acme.Book.move");
        Story map = pair(
                WaitKind.MONITOR,
                Story.MONITOR,
                Story.NAMED_MONITOR,
                "BLOCKED",
                "java.util.concurrent.ConcurrentHashMap.computeIfAbsent",
                "com.acme.Book.load");

        assertThat(onlyDeadlock(upgrade).text().change()).contains("cannot be upgraded", "Book.note(Book.java:");
        assertThat(onlyDeadlock(join).text().why()).contains("a waits for the end of b");
        assertThat(onlyDeadlock(join).text().change()).contains("Let only one of them wait");
        assertThat(onlyDeadlock(alike).text().change()).contains("smaller id first", "Book.move(Book.java:");
        assertThat(onlyDeadlock(map).text().change()).contains("putIfAbsent");
    }

    @Test
    void aWaitForATaskIsTheOneToGiveUp() {
        Story story = new Story();
        for (int i = 1; i <= 4; i++) {
            story.waitingNow(i, "a", 5, WaitKind.FUTURE, Story.OTHER, "b", i, false);
            story.waitingNow(i, "b", 6, WaitKind.LOCK, Story.LOCK, "a", i, false);
        }
        story.waits(2, "a", Story.OTHER, "WAITING", Story.stack("com.acme.Book.ask"));
        story.waits(2, "b", Story.LOCK, "WAITING", Story.stack("com.acme.Book.answer"));

        assertThat(onlyDeadlock(story).text().change())
                .startsWith("Give back Cache.lock before waiting for the result of another task at Book.ask(");
    }

    @Test
    void aReaderThatWantsToWriteWaitsForItself() {
        Story write = new Story();
        Story monitor = new Story();
        for (int i = 1; i <= 4; i++) {
            write.waitingNow(i, "a", 5, WaitKind.WRITE, Story.LOCK, "a", i, false);
            monitor.waitingNow(i, "a", 5, WaitKind.MONITOR, Story.MONITOR, "a", i, false);
        }

        assertThat(onlyDeadlock(write).title()).startsWith("a waits for itself for ever");
        assertThat(monitor.kinds(0, 4.5))
                .as("a monitor is never refused to its owner")
                .doesNotContain("deadlock");
    }

    @Test
    void locksBehindADeadlockAreNoTroubleOfTheirOwn() {
        Story story = cycle(WaitKind.LOCK, WaitKind.MONITOR, 5);
        for (int i = 1; i <= 4; i++) {
            story.waitingNow(i, "d", 12, WaitKind.LOCK, Story.OTHER, "c", i, false);
        }

        Findings findings = story.check(0, 4.5);
        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.DEADLOCK);
        assertThat(findings.found().get(0).text().cost()).contains("2 threads behind");
    }

    @Test
    void aStackFromBeforeAMethodLostItsLinesIsPreferred() {
        Story story = pair(WaitKind.LOCK, Story.LOCK, Story.OTHER, "WAITING", "com.acme.Book.move");
        Frame noLine = new Frame("com.acme.Book", "move", null, null, -1, -1);
        story.waits(8, "a", Story.LOCK, "WAITING", new Stack(List.of(noLine)));

        assertThat(onlyDeadlock(story).details().where())
                .allSatisfy(place -> assertThat(place.frame().line()).isPositive());
    }

    @Test
    void aMonitorWhoseSiteHasNoNameGetsNoneFromAnother() {
        Story story = pair(WaitKind.MONITOR, Story.MONITOR, Story.NAMED_MONITOR, "BLOCKED", "com.acme.Book.move");

        assertThat(onlyDeadlock(story).text().why())
                .contains("a wants Cache, held by b, at Book.move(", "b wants Shop.cache, held by a");
    }

    private static Finding onlyDeadlock(Story story) {
        List<Finding> found = story.check(0, 10.5).found();
        assertThat(found).extracting(Finding::kind).containsExactly(Kind.DEADLOCK);
        return found.get(0);
    }

    /** Bakers and customers at one condition; both sorts have been woken before. */
    private static Story bakery(boolean everybody, boolean twoSorts) {
        Story story = new Story();
        LockRef condition = new LockRef("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "c0");
        List<String> names = List.of("baker-1", "baker-2", "customer-1", "customer-2");
        for (int i = 0; i < 40; i++) {
            String name = names.get(i % 4);
            story.wait(1 + i * 0.01, 2, WaitKind.CONDITION, condition, name, null, null, site(name, twoSorts), false);
        }
        for (int second = 2; second <= 8; second++) {
            for (String name : everybody ? names : names.subList(0, 3)) {
                story.waitingNow(second, name, 4, WaitKind.CONDITION, condition, null, second - 1.5, false);
                story.seen(second, name, "waiter", "WAITING", site(name, twoSorts));
            }
        }
        return story;
    }

    private static Stack site(String name, boolean twoSorts) {
        return Story.stack(
                "java.util.concurrent.locks.LockSupport.park",
                twoSorts && name.startsWith("baker") ? "com.acme.Shelf.put" : "com.acme.Shelf.take");
    }

    @Test
    void whenAllUsersOfAConditionWaitTheSignalIsLost() {
        Findings findings = bakery(true, true).check(0, 8.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).details().threads()).hasSize(4);
    }

    @Test
    void aUserThatIsStillAwakeMaySignal() {
        assertThat(bakery(false, true).kinds(0, 8.5)).isEmpty();
    }

    @Test
    void consumersAtOnePlaceAreIdle() {
        Findings findings = bakery(true, false).check(0, 8.5);

        assertThat(findings.found()).isEmpty();
        assertThat(findings.unknown()).extracting(Verdict.NotEnoughData::kind).contains(Kind.LOST_WAKEUP);
    }

    /** Each guest has a pager of its own, rung once by the kitchen. */
    private static Story pagers(boolean kitchenWaits) {
        Story story = new Story();
        Stack site = Story.stack("java.lang.Object.wait", "com.acme.Pager.awaitRing");
        for (int i = 0; i < 20; i++) {
            LockRef pager = new LockRef("com.acme.Pager", Integer.toHexString(0x100 + i));
            story.wait(1 + i * 0.01, 3, WaitKind.OBJECT_WAIT, pager, "guest-" + i % 4, null, "kitchen", site, true);
        }
        for (int second = 2; second <= 9; second++) {
            LockRef pager = new LockRef("com.acme.Pager", "abc");
            story.waitingNow(second, "guest-1", 4, WaitKind.OBJECT_WAIT, pager, null, second - 1.5, false);
            story.seen(second, "guest-1", "waiter", "WAITING", site);
            if (kitchenWaits) {
                story.waitingNow(second, "kitchen", 8, WaitKind.QUEUE_TAKE, Story.OTHER, null, second - 1.5, true);
            }
        }
        return story;
    }

    @Test
    void anOverdueSignalWhoseGiverWaitsItselfIsLost() {
        Findings findings = pagers(true).check(0, 9.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).text().why()).contains("kitchen");
    }

    @Test
    void aSignalMayStillComeFromAThreadThatRuns() {
        assertThat(pagers(false).kinds(0, 9.5)).isEmpty();
    }

    /** The kitchen goes on to ring others while guest-1 waits. */
    private static Story passedOver(int others, boolean network) {
        Story story = pagers(false);
        Stack site = Story.stack("java.lang.Object.wait", "com.acme.Pager.awaitRing");
        for (int i = 0; i < others; i++) {
            LockRef pager = new LockRef("com.acme.Pager", Integer.toHexString(0x1000 + i));
            story.wait(
                    3 + i * 0.02, 3, WaitKind.OBJECT_WAIT, pager, "guest-" + (2 + i % 3), null, "kitchen", site, true);
        }
        if (network) {
            Stack read = Story.stack("sun.nio.ch.NioSocketImpl.read", "com.acme.Bank.listen");
            story.did(4, 300, "listener", Fact.ActivityKind.SOCKET_READ, read);
        }
        return story;
    }

    @Test
    void aSignallerThatHasWokenManyLaterOnesPassedThisOneOver() {
        Findings findings = passedOver(40, false).check(0, 9.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).text().why()).contains("40 that began to wait later");
    }

    @Test
    void aSignalMayStillComeAfterFewOthersOrFromOutside() {
        assertThat(passedOver(5, false).kinds(0, 9.5)).isEmpty();
        assertThat(passedOver(40, true).kinds(0, 9.5)).isEmpty();
    }

    /** Threads that wait for signals since before anybody looked. */
    private static Story stuck(Map<String, String> methods) {
        Story story = new Story();
        LockRef box = new LockRef("com.acme.Box", "b0");
        for (int second = 1; second <= 5; second++) {
            for (Map.Entry<String, String> each : methods.entrySet()) {
                String frame = "com.acme.Box." + each.getValue();
                story.waitingNow(second, each.getKey(), 4, WaitKind.OBJECT_WAIT, box, null, second + 60, false);
                story.seen(second, each.getKey(), "waiter", "WAITING", Story.stack("java.lang.Object.wait", frame));
            }
        }
        return story;
    }

    @Test
    void bothSidesOfABufferAreNeverAsleepUnlessASignalWokeTheWrongOne() {
        Story story = stuck(Map.of("putter", "put", "taker", "take"));
        assertThat(story.kinds(0, 5.5)).isEmpty();

        story.wakesOne.add("put");
        assertThat(story.kinds(0, 5.5)).isEmpty();
        story.wakesOne.add("take");
        Findings findings = story.check(0, 5.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).details().threads()).containsExactlyInAnyOrder("putter", "taker");
    }

    @Test
    void whoWaitsOnceAndOutsideALoopHasMissedTheSignal() {
        Story story = stuck(Map.of("reader", "awaitReady"));
        assertThat(story.kinds(0, 5.5)).isEmpty();
        story.waitsOnce.add("awaitReady");
        assertThat(story.kinds(0, 5.5)).containsExactly("lost-wakeup");
    }

    @Test
    void mainMayWaitOnceToKeepTheProgramAlive() {
        Story story = stuck(Map.of("main", "main"));
        story.waitsOnce.add("main");

        assertThat(story.kinds(0, 5.5)).isEmpty();
    }

    /** The main thread joins one that waits for a signal; a worker idles at its queue. */
    private static Story joined(LockRef queue, boolean another) {
        Story story = stuck(Map.of("reader", "awaitReady"));
        Map<String, Character> letters =
                new HashMap<>(Map.of("reader", 'C', "main", 'C', "pool-1-thread-1", 'W', "Signal Dispatcher", 'R'));
        if (another) {
            letters.put("heartbeat", 'S');
        }
        LockRef thread = new LockRef("java.lang.Thread", "7e");
        for (int second = 1; second <= 5; second++) {
            story.states(second, letters);
            story.waitingNow(second, "main", 4, WaitKind.JOIN, thread, "reader", second + 60, false);
            story.seen(second, "main", "waiter", "WAITING", Story.stack("java.lang.Thread.join", "com.acme.App.main"));
            story.waitingNow(second, "pool-1-thread-1", 2, WaitKind.QUEUE_TAKE, queue, null, second, true);
        }
        return story;
    }

    @Test
    void whenEveryThreadWaitsNobodyIsLeftToSignal() {
        Findings findings = joined(Story.OTHER, false).check(0, 5.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).details().threads()).containsExactly("reader");
    }

    @Test
    void aThreadThatSleepsOrAScheduledTaskMaySignal() {
        LockRef scheduled = new LockRef("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "d0");

        assertThat(joined(Story.OTHER, true).kinds(0, 5.5)).isEmpty();
        assertThat(joined(scheduled, false).kinds(0, 5.5)).isEmpty();
    }

    @Test
    void whoParksForMomentsAndLooksAgainWaitsBusily() {
        Story story = new Story();
        LockRef nothing = new LockRef("", "0");
        Stack park = Story.stack("java.util.concurrent.locks.LockSupport.parkNanos", "com.acme.Spooler.await");
        for (int second = 1; second <= 5; second++) {
            story.wait(second, 1, WaitKind.PARK, nothing, "spooler", null, null, park, false);
            story.totals(second, WaitKind.PARK, nothing, 500, 500, 0, 0);
        }
        assertThat(story.kinds(0, 5.5)).isEmpty();
        story.polls.add("await");

        assertThat(story.kinds(0, 5.5)).containsExactly("busy-wait");
    }

    @Test
    void findingsCloseWhenTheyAreGoneAndStayMuted() {
        Story story = cycle(WaitKind.LOCK, WaitKind.MONITOR, 5);
        LiveFindings live = new LiveFindings();
        Findings first = story.check(0, 4.5);
        live.update(first);
        String id = first.found().get(0).id();
        assertThat(live.open()).hasSize(1);

        live.update(new Findings(story.check(20, 30).range(), List.of(), List.of()));
        assertThat(live.byId(id))
                .get()
                .satisfies(each -> assertThat(each.open()).isFalse());
        assertThat(live.mute(id, true)).isTrue();
        live.update(first);
        assertThat(live.open()).isEmpty();
        assertThat(live.byId(id))
                .get()
                .satisfies(each -> assertThat(each.times()).isEqualTo(2));
        assertThat(live.mute("unknown", true)).isFalse();
    }
}
