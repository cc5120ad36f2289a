// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
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
    void initialisersOfALibraryAreNotForItsUserToMove() {
        LockRef subclass = new LockRef("org.apache.Shape's subclass", "1");
        for (String type : List.of("org.apache.Circle", "com.acme.Circle")) {
            Story story = new Story();
            for (int second = 1; second <= 4; second++) {
                story.waitingNow(second, "a", 5, WaitKind.CLASS_INIT, subclass, "b", second + 5, false);
                story.waitingNow(
                        second, "b", 6, WaitKind.CLASS_INIT, new LockRef("class " + type, "2"), "a", second + 5, false);
            }
            Finding found = story.check(0, 4.5).found().get(0);
            assertThat(found.text().why())
                    .contains("a wants a subclass of Shape, which is being")
                    .contains("b wants class Circle, which is being");
            assertThat(found.text().change())
                    .startsWith(
                            type.startsWith("org")
                                    ? "Let one thread use both classes before the others start"
                                    : "Break the cycle of static initialisers");
        }
    }

    @Test
    void aCycleThatMovedBetweenSnapshotsIsNoDeadlock() {
        Story story = cycle(WaitKind.LOCK, WaitKind.MONITOR, 5);
        story.waitingNow(5, "a", 77, WaitKind.LOCK, Story.LOCK, "b", 0.1, false);
        story.waitingNow(5, "b", 78, WaitKind.MONITOR, Story.MONITOR, "a", 0.1, false);

        assertThat(story.kinds(0, 5.5)).doesNotContain("deadlock");
    }

    @Test
    void aCycleTooYoungToBeCalledADeadlockIsNoOtherTroubleOfItsLocks() {
        Story story = new Story();
        story.waitingNow(1, "a", 5, WaitKind.LOCK, Story.LOCK, "b", 1, false);
        story.waitingNow(1, "b", 6, WaitKind.LOCK, Story.OTHER, "a", 1, false);

        assertThat(story.kinds(0, 1.5)).isEmpty();
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
        return pair(new Story(), kind, one, other, state, methods);
    }

    private static Story pair(Story story, WaitKind kind, LockRef one, LockRef other, String state, String... methods) {
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

    /** A shutdown hook wants the lock under which the program is ended. */
    @Test
    void whoEndsTheProgramUnderALockOfAHookIsToldNotTo() {
        Story story = new Story();
        for (int i = 1; i <= 10; i++) {
            story.waitingNow(i, "main", 5, WaitKind.JOIN, Story.LOCK, "hook", i, false);
            story.waitingNow(i, "hook", 6, WaitKind.MONITOR, Story.MONITOR, "main", i, false);
        }
        Stack exit = Story.stack("java.lang.Thread.join", "java.lang.Runtime.exit", "com.acme.Licence.check");
        story.waits(2, "main", Story.LOCK, "WAITING", exit);
        story.waits(2, "hook", Story.MONITOR, "BLOCKED", Story.stack("com.acme.Book.close"));

        assertThat(onlyDeadlock(story).text().change())
                .startsWith("Do not call System.exit at Licence.check(Licence.java:")
                .contains("hook wants ");
    }

    /** Two values made on demand, each of which needs the other: the locks are the library's, so nobody can take them in one order. */
    @Test
    void whatALibraryCallsUnderItsLockIsTheCure() {
        String change = onlyDeadlock(pair(
                        WaitKind.MONITOR,
                        Story.MONITOR,
                        Story.NAMED_MONITOR,
                        "BLOCKED",
                        "kotlin.SynchronizedLazyImpl.getValue",
                        "com.acme.Book.index",
                        "kotlin.SynchronizedLazyImpl.getValue",
                        "com.acme.Book.open"))
                .text()
                .change();

        assertThat(change)
                .startsWith("Do not call SynchronizedLazyImpl from code that it calls itself, at Book.index(");
        assertThat(onlyDeadlock(pair(
                                WaitKind.MONITOR,
                                Story.MONITOR,
                                Story.NAMED_MONITOR,
                                "BLOCKED",
                                "kotlin.SynchronizedLazyImpl.getValue",
                                "com.acme.Book.open"))
                        .text()
                        .change())
                .contains("smaller id first");
    }

    @Test
    void underALibrarysLineStandsTheApplicationsOwn() {
        String why = onlyDeadlock(inLibrary()).text().why();

        assertThat(why)
                .contains("at Category.callAppenders(Category.java:")
                .contains(", called from Book.note(Book.java:");
        assertThat(onlyDeadlock(inLibrary()).text().change()).contains("change Book.note(Book.java:");
    }

    private static Story inLibrary() {
        return pair(
                WaitKind.LOCK,
                Story.LOCK,
                Story.OTHER,
                "WAITING",
                "org.apache.log4j.Category.callAppenders",
                "com.acme.Book.note");
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
    void theMainThreadMayKeepTheProgramAliveByWaitingForItself() {
        assertThat(joinsItself("com.acme.App.main", false).kinds(0, 4.5)).doesNotContain("deadlock");
        assertThat(joinsItself("com.acme.App.main", true).kinds(0, 4.5)).contains("deadlock");
        assertThat(joinsItself("com.acme.App.work", false).kinds(0, 4.5)).contains("deadlock");
    }

    /** @param needed whether another thread waits for it */
    private static Story joinsItself(String begins, boolean needed) {
        Story story = new Story();
        LockRef end = new LockRef("java.lang.Thread", "e0");
        for (int i = 1; i <= 4; i++) {
            story.waitingNow(i, "a", 5, WaitKind.JOIN, end, "a", i, false);
            if (needed) {
                story.waitingNow(i, "b", 6, WaitKind.JOIN, end, "a", i, false);
            }
        }
        story.waits(2, "a", end, "WAITING", Story.stack("java.lang.Thread.join", begins));
        return story;
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

    @Test
    void ofTwoNamesThatOfAnotherMonitorIsNotMeant() {
        assertThat(open("com.acme.Shop.book or com.acme.Shop.cache")).contains("a wants Shop.book, held by b");
        assertThat(open("com.acme.Shop.book or com.acme.Shop.till"))
                .contains("a wants Shop.book or Shop.till, held by b");
    }

    /** What is said of a monitor that the code has two names for, while another one is known as Shop.cache. */
    private static String open(String names) {
        Story story = new Story();
        story.names.put(Story.MONITOR, names);
        pair(story, WaitKind.MONITOR, Story.MONITOR, Story.NAMED_MONITOR, "BLOCKED", "com.acme.Book.move");
        return onlyDeadlock(story).text().why();
    }

    private static Finding onlyDeadlock(Story story) {
        List<Finding> found = story.check(0, 10.5).found();
        assertThat(found).extracting(Finding::kind).containsExactly(Kind.DEADLOCK);
        return found.get(0);
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
    void aLibraryThatParksForMomentsWithoutBeingWokenWaitsBusily() {
        LockRef nothing = new LockRef("", "0");
        Stack park = Story.stack(
                "java.util.concurrent.locks.LockSupport.parkNanos",
                "com.lmax.disruptor.Sequencer.next",
                "com.acme.Shop.buy");
        for (String by : new String[] {null, "consumer"}) {
            Story story = new Story();
            for (int i = 0; i < 1500; i++) {
                story.wait(1 + i * 0.003, 0.1, WaitKind.PARK, nothing, "producer", null, by, park, true);
            }
            assertThat(story.kinds(0, 5.5)).isEqualTo(by == null ? List.of("busy-wait") : List.of());
            if (by == null) {
                assertThat(story.check(0, 5.5).found().get(0).text().change())
                        .startsWith("The library waits so at Sequencer.next(")
                        .contains("(called from Shop.buy(");
            }
        }
    }

    @Test
    void theLoopIsNamedRatherThanTheMethodThatPauses() {
        Story story = new Story();
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Tools.pause", "com.acme.Spooler.await");
        for (int i = 0; i < 1_200; i++) {
            story.did(i / 200.0, 1, "spooler", Fact.ActivityKind.SLEEP, sleep);
        }
        story.polls.add("pause");
        story.loops.add("await");

        Finding found = story.check(0, 6).found().get(0);
        assertThat(found.text().what()).contains("at Spooler.await(");
        assertThat(found.details().where().get(0).frame().method()).isEqualTo("await");
    }

    @Test
    void whoWaitsAgainWithTheFlagOfInterruptionSetBurnsACore() {
        Story story = new Story();
        Stack turn = Story.stack("java.lang.Throwable.fillInStackTrace", "com.acme.Consumer.drain");
        for (int second = 0; second < 8; second++) {
            story.did(second + 0.5, 900, "consumer", Fact.ActivityKind.RUNNING, turn);
        }
        assertThat(story.kinds(0, 8)).isEmpty();
        story.interrupting.add("drain");

        Finding found = story.check(0, 8).found().get(0);
        assertThat(found.text().what()).contains("since it was interrupted", "at Consumer.drain(");
        assertThat(found.text().change()).startsWith("Leave the loop");
    }

    @Test
    void findingsCloseWhenTheyAreGoneAndStayMuted() {
        Story story = cycle(WaitKind.LOCK, WaitKind.MONITOR, 5);
        LiveFindings live = new LiveFindings();
        Findings first = story.check(0, 4.5);
        live.update(first);
        String id = first.found().get(0).id();
        assertThat(live.open()).hasSize(1);

        live.update(new Findings(story.check(10, 20).range(), List.of(), List.of()));
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
