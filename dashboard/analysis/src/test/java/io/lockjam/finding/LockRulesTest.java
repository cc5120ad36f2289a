// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.ProbeSleep;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LockRulesTest {
    private static final Stack TAKE =
            Story.stack("java.util.concurrent.locks.ReentrantLock.lock", "com.acme.Cache.take");

    /** Eight tills, one lock held 0.75 ms; two of them wait all the time. */
    private static Story hotLock(double holdMillis, double waitedMillisPerSecond) {
        return hotLock(holdMillis, waitedMillisPerSecond, "com.acme.Cache.lock");
    }

    private static Story hotLock(double holdMillis, double waitedMillisPerSecond, String name) {
        Story story = new Story();
        story.names.put(Story.LOCK, name);
        for (int second = 0; second < 10; second++) {
            story.states(second + 0.1, Map.of("till-1", 'L', "till-2", 'L', "till-3", 'S', "till-4", 'R'));
            story.totals(second + 0.9, Story.LOCK, 1000, waitedMillisPerSecond, 1000, holdMillis * 1000);
            for (int i = 0; i < 50; i++) {
                String owner = "till-" + (1 + (i + 1) % 4);
                story.wait(
                        second + i * 0.01 + 0.005,
                        2,
                        WaitKind.LOCK,
                        Story.LOCK,
                        "till-" + (1 + i % 4),
                        owner,
                        owner,
                        TAKE,
                        false);
            }
        }
        return story;
    }

    @Test
    void aLockThatCostsTwoThreadsIsContended() {
        Findings findings = hotLock(0.75, 1_700).check(0, 10);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Finding finding = findings.found().get(0);
        assertThat(finding.subject().name()).isEqualTo("com.acme.Cache.lock");
        assertThat(finding.title()).contains("Cache.lock").contains("4 threads");
        assertThat(finding.impact().threadSecondsPerSecond()).isBetween(1.69, 1.71);
        assertThat(finding.details().where())
                .anyMatch(place -> place.frame().method().equals("take"));
    }

    @Test
    void noThreadLosesMoreThanAllOfTheTime() {
        assertThat(hotLock(0.75, 9_000).check(0, 10).found().get(0).title())
                .contains("lose 40 s of thread time in 10 s");
    }

    @Test
    void shortWaitsAreNoFinding() {
        assertThat(hotLock(0.01, 40).kinds(0, 10)).isEmpty();
    }

    /** One thread waits for a lock that nobody is known to have, or whose holder waits itself. */
    private static Story stuck(boolean owned) {
        Story story = new Story();
        for (int second = 1; second <= 8; second++) {
            story.waitingNow(second, "a", 5, WaitKind.LOCK, Story.LOCK, owned ? "b" : null, second, false);
            story.waitingNow(second, "b", 6, WaitKind.OBJECT_WAIT, Story.MONITOR, null, second, false);
        }
        story.waits(2, "a", Story.LOCK, "WAITING", TAKE);
        return story;
    }

    @Test
    void aLockThatIsNeverGivenBackIsSaidSo() {
        Finding finding = stuck(false).check(0, 8.5).found().get(0);

        assertThat(finding.kind()).isEqualTo(Kind.LOCK_CONTENTION);
        assertThat(finding.title()).isEqualTo("a waits for Cache.lock, which is not given back (8 s so far).");
        assertThat(finding.text().cost()).endsWith("1 thread waits, and no wait has ended.");
        assertThat(finding.text().change()).contains("finally");
    }

    /** One thread waits for a permit; another is asleep. */
    private static Story permit() {
        Story story = new Story();
        LockRef permits = new LockRef("java.util.concurrent.Semaphore", "5e");
        story.names.put(permits, "com.acme.Office.permits");
        for (int second = 1; second <= 8; second++) {
            story.waitingNow(second, "a", 5, WaitKind.SEMAPHORE, permits, null, second, false);
            story.states(second, Map.of("a", 'L', "b", 'S'));
        }
        story.waits(
                2,
                "a",
                permits,
                "WAITING",
                Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Office.copy"));
        story.seen(3, "b", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.Office.fax"));
        return story;
    }

    @Test
    void aPermitThatIsOnlyWaitedForIsASignal() {
        assertThat(permit().kinds(0, 8.5)).isEmpty();
    }

    @Test
    void aPermitThatIsGivenBackWhereItIsTakenIsHeldByWhoTookIt() {
        Story story = permit();
        story.places.add("com.acme.Office.copy");
        Finding nobodyHas = story.check(0, 8.5).found().get(0);
        assertThat(nobodyHas.text().why())
                .startsWith("They wait at Office.copy(")
                .contains("no thread was seen");
        assertThat(nobodyHas.text().change()).contains("finally").doesNotContain("fair");

        story.owed.put(
                "fax",
                Set.of(new Owed(WaitKind.SEMAPHORE, "com.acme.Office.permits", "com.acme.Office.fax", true, false)));
        Finding finding = story.check(0, 8.5).found().get(0);
        assertThat(finding.kind()).isEqualTo(Kind.LOCK_CONTENTION);
        assertThat(finding.text().why()).startsWith("By its code b has it, at Office.fax(");
        assertThat(finding.text().change()).doesNotContain("finally");
    }

    @Test
    void aHolderThatWaitsForASignalIsTheCause() {
        Finding finding = stuck(true).check(0, 8.5).found().get(0);

        assertThat(finding.kind()).isEqualTo(Kind.LOCK_HELD_ACROSS_BLOCKING);
        assertThat(finding.title()).contains("which waits for a signal");
        assertThat(finding.text().change()).startsWith("Give back Cache.lock before waiting for the signal");
    }

    @Test
    void waitsForTheGarbageCollectorAreNotTheLocksFault() {
        Story story = hotLock(0.75, 300);
        for (int second = 0; second < 10; second++) {
            story.tell(new Fact.Pause(Story.at(second + 0.51), Duration.ofMillis(510), "G1 Evacuation Pause"));
        }

        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void whatOurRaceWindowsCostIsSaidToBeOurs() {
        Story story = hotLock(2, 2_000);
        for (int second = 0; second < 10; second++) {
            story.tell(new Fact.Pause(Story.at(second + 0.51), Duration.ofMillis(300), "RedefineClasses"));
        }

        assertThat(story.check(0, 10).found().get(0).text().why())
                .contains("of the wait was a pause of the whole JVM (classes exchanged, as our hooks need it)");
    }

    @Test
    void idleWorkersAreNotHeldUp() {
        Story story = new Story();
        Stack idle = Story.stack(
                "java.util.concurrent.locks.LockSupport.park", "java.util.concurrent.ThreadPoolExecutor.getTask");
        for (int second = 0; second < 10; second++) {
            story.wait(second + 0.9, 900, WaitKind.CONDITION, Story.LOCK, "worker-1", null, null, idle, true);
        }

        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void longHoldsByComputingThreadsAreAGlobalLock() {
        Findings findings = hotLock(2, 2_000).check(0, 10);

        // 1000 holds of 2 ms a second cannot be; the share held is capped at all of the time
        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.GLOBAL_LOCK);
        assertThat(findings.found().get(0).details().instead()).containsExactly("lock-contention");
    }

    /** Long holds on a crowded machine: what the threads compute decides, not how long it takes them. */
    private static Story crowded(String where) {
        Story story = hotLock(2, 2_000);
        Stack work = Story.stack("com.acme.Work.mix", where);
        for (int second = 0; second < 10; second++) {
            for (int i = 1; i <= 4; i++) {
                story.tell(new Fact.ThreadCpu(Story.at(second + 0.5), Story.thread("till-" + i), 0.2, 0));
                story.did(second + 0.1 * i, 20, "till-" + i, Fact.ActivityKind.RUNNING, work);
            }
        }
        return story;
    }

    @Test
    void aHotLockOnACrowdedMachineIsNoGlobalLock() {
        // 0.8 ms of CPU time for each grant
        assertThat(crowded("com.acme.Cache.take").kinds(0, 10)).containsExactly("lock-contention");
    }

    @Test
    void theLockOfALibraryIsToBeUsedLess() {
        Story story = hotLock(0.75, 1_700, "org.apache.Ring.lock");
        assertThat(story.check(0, 10).found().get(0).text().change())
                .startsWith("Ring.lock is a library's: use it less often");
    }

    private static Story convoy(String... places) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.totals(second + 0.9, Story.LOCK, 4_500, 5_400, 4_500, 500);
            for (int i = 0; i < 60; i++) {
                Stack way = Story.stack("com.acme.Log.append", places[i % places.length]);
                story.wait(
                        second + 0.01 * i,
                        1.2,
                        WaitKind.LOCK,
                        Story.LOCK,
                        "b-" + i % 16,
                        "b-" + (i + 1) % 16,
                        null,
                        way,
                        false);
            }
        }
        return story;
    }

    @Test
    void shortHoldsAndLongWaitsFromPlaceToPlaceAreAConvoy() {
        assertThat(convoy("com.acme.Desk.check", "com.acme.Desk.place", "com.acme.Desk.confirm")
                        .kinds(0, 10))
                .containsExactly("lock-convoy");
    }

    @Test
    void waitsAtOnePlaceAreNoConvoy() {
        assertThat(convoy("com.acme.Desk.check").kinds(0, 10)).containsExactly("lock-contention");
    }

    /** Six shoppers queue behind a refresh that reads a socket for 25 ms; the monitor tells only who released it last. */
    private static Story refresh(boolean underLock) {
        return refresh(underLock, "com.acme.Bank.call", "com.acme.Cache.refresh");
    }

    private static Story refresh(boolean underLock, String call, String caller) {
        Stack read = Story.stack("java.net.Socket$SocketInputStream.read", call, caller);
        return refresh(underLock, Fact.ActivityKind.SOCKET_READ, null, read);
    }

    private static Story refresh(boolean underLock, Fact.ActivityKind kind, @Nullable String detail, Stack does) {
        Story story = new Story();
        Stack rate = Story.stack("com.acme.Cache.rate");
        for (int turn = 0; turn < 250; turn++) {
            double end = turn * 0.04 + 0.03;
            story.tell(new Fact.Activity(Story.at(end), Story.millis(25), Story.thread("refresh"), kind, does, detail));
            for (int i = 0; i < 6 && underLock; i++) {
                story.wait(
                        end + 0.0001 * (i + 1),
                        18 + 0.1 * i,
                        WaitKind.MONITOR,
                        Story.MONITOR,
                        "shopper-" + i,
                        null,
                        i == 0 ? "refresh" : "shopper-" + (i - 1),
                        rate,
                        true);
            }
        }
        return story;
    }

    @Test
    void aHolderThatReadsASocketIsNamed() {
        Findings findings = refresh(true).check(0, 10);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOCK_HELD_ACROSS_BLOCKING);
        Finding finding = findings.found().get(0);
        assertThat(finding.text().why()).contains("reads a socket").contains("Bank.call");
        assertThat(finding.text().change()).contains("Bank.call(Bank.java:");
        assertThat(finding.details().instead()).contains("lock-contention");
    }

    @Test
    void whatALibraryDoesUnderItsOwnLockIsForNobodyToMove() {
        Finding finding = refresh(true, "org.apache.Net.call", "com.acme.Cache.refresh")
                .check(0, 10)
                .found()
                .get(0);
        assertThat(finding.kind()).isEqualTo(Kind.LOCK_HELD_ACROSS_BLOCKING);
        assertThat(finding.text().change())
                .startsWith("The lock and the call at Net.call(Net.java:")
                .contains("are a library's: ask for less there");
    }

    @Test
    void aSleepInAProbeOfOursIsNoSleepOfTheHolder() {
        Stack value = Story.stack("com.acme.Bank.call", "com.acme.Cache.refresh");
        assertThat(refresh(true, Fact.ActivityKind.SLEEP, null, value).kinds(0, 10))
                .containsExactly("lock-held-across-blocking");
        assertThat(refresh(true, Fact.ActivityKind.SLEEP, ProbeSleep.DETAIL, value)
                        .kinds(0, 10))
                .containsExactly("global-lock");
    }

    @Test
    void aReadOutsideTheLockIsNoFinding() {
        assertThat(refresh(false).kinds(0, 10)).isEmpty();
    }

    @Test
    void anOwnerThatSleepsAfterItGaveTheLockBackIsNotBlamed() {
        Story story = new Story();
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Till.pause");
        for (int i = 0; i < 100; i++) {
            double start = i * 0.1;
            story.totals(start, Story.LOCK, 10, 100, 10, 90);
            // the owner leaves 1 ms after the wait began, and sleeps elsewhere while others hold the lock
            story.wait(start + 0.01, 10, WaitKind.LOCK, Story.LOCK, "till-1", "till-2", "till-3", TAKE, false);
            story.did(start + 0.02, 19, "till-2", Fact.ActivityKind.SLEEP, sleep);
        }

        assertThat(story.kinds(0, 10)).doesNotContain("lock-held-across-blocking");
    }

    @Test
    void theSamePlaceHasTheSameIdInEveryRun() {
        String one = hotLock(0.75, 1_700).check(0, 10).found().get(0).id();
        String other = hotLock(0.75, 1_500).check(0, 8).found().get(0).id();

        assertThat(one).isEqualTo(other).matches("[0-9a-f]{12}");
    }

    /** In each second a thread that hands out work waits 900 ms for one of the permits that workers give back. */
    private static List<String> throttled(int feeders) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            for (int feeder = 0; feeder < feeders; feeder++) {
                story.wait(
                        second + 0.95 + 0.01 * feeder,
                        900,
                        WaitKind.SEMAPHORE,
                        Story.LOCK,
                        "feeder-" + feeder,
                        null,
                        "worker-1",
                        Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Feed.run"),
                        true);
            }
        }
        return story.kinds(0, 10);
    }

    @Test
    void aFairLockThatIsHeldShortlyIsSlowToHandOn() {
        Story story = hotLock(0.05, 1_700);
        story.fair.add("com.acme.Cache.lock");
        Finding fair = story.check(0, 10).found().get(0);
        Story longer = hotLock(1.1, 1_700);
        longer.fair.add("com.acme.Cache.lock");

        assertThat(fair.text().why()).contains("It is fair");
        assertThat(fair.text().change()).contains("unfair");
        assertThat(hotLock(0.05, 1_700).check(0, 10).found().get(0).text().change())
                .doesNotContain("fair");
        assertThat(longer.check(0, 10).found().get(0).text().why()).doesNotContain("fair");
    }

    @Test
    void aPermitThatAMethodCalledGivesBackIsHeldByWhoTookIt() {
        Story story = permit();
        story.mayGiveBack.add("copy");

        assertThat(story.check(0, 8.5).found().get(0).text().change()).contains("finally");
    }

    @Test
    void permitsThatThrottleOneThreadDoTheirWork() {
        assertThat(throttled(1)).isEmpty();
        assertThat(throttled(6)).containsExactly("lock-contention");
    }
}
