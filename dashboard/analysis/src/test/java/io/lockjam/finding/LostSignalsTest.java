// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Waits for a signal that was given too early, to the wrong one, or that nobody is left to give. */
class LostSignalsTest {
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
        return stuck(methods, WaitKind.OBJECT_WAIT);
    }

    private static Story stuck(Map<String, String> methods, WaitKind kind) {
        Story story = new Story();
        LockRef box = new LockRef("com.acme.Box", "b0");
        for (int second = 1; second <= 5; second++) {
            for (Map.Entry<String, String> each : methods.entrySet()) {
                String frame = "com.acme.Box." + each.getValue();
                story.waitingNow(second, each.getKey(), 4, kind, box, null, second + 60, false);
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
    void aSignalThatIsOnItsWayIsNotLostUnlessItIsOverdue() {
        Story patient = stuck(Map.of("reader", "awaitReady"));
        patient.waitsOnce.add("awaitReady");
        patient.owed.put("bake", Set.of(new Owed(WaitKind.OBJECT_WAIT, "pot", "com.acme.Kiln.bake", false, true)));
        for (int second = 1; second <= 5; second++) {
            patient.states(second, Map.of("reader", 'C', "kiln", 'S'));
            patient.seen(second, "kiln", "sleeper", "TIMED_WAITING", Story.stack("com.acme.Kiln.bake"));
        }
        assertThat(patient.kinds(0, 5.5)).isEmpty();

        for (int i = 0; i < 5; i++) {
            patient.wait(
                    i + 0.5,
                    20,
                    WaitKind.OBJECT_WAIT,
                    new LockRef("com.acme.Box", "b0"),
                    "other",
                    null,
                    "kiln",
                    Story.stack("java.lang.Object.wait", "com.acme.Box.awaitReady"),
                    true);
        }
        assertThat(patient.kinds(0, 5.5)).containsExactly("lost-wakeup");
    }

    @Test
    void aSignalIsKeptFromComingWhereTheWaiterHoldsALockThatOthersWantAndIsNotLost() {
        Story story = stuck(Map.of("reader", "awaitReady"));
        story.waitsOnce.add("awaitReady");
        for (int second = 1; second <= 5; second++) {
            story.waitingNow(second, "signaller", 4, WaitKind.MONITOR, Story.MONITOR, "reader", second, false);
        }

        assertThat(story.kinds(0, 5.5)).doesNotContain("lost-wakeup");
    }

    @Test
    void mainMayWaitOnceToKeepTheProgramAlive() {
        Story story = stuck(Map.of("main", "main"));
        story.waitsOnce.add("main");

        assertThat(story.kinds(0, 5.5)).isEmpty();
    }

    /** The main thread joins one that waits for a signal; a worker idles at its queue. */
    private static Story joined(LockRef queue, boolean another) {
        return joined(queue, another, WaitKind.OBJECT_WAIT);
    }

    private static Story joined(LockRef queue, boolean another, WaitKind kind) {
        Story story = stuck(Map.of("reader", "awaitReady"), kind);
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
    void whenEveryThreadWaitsNobodyIsLeftToComeToABarrier() {
        Findings findings = joined(Story.OTHER, false, WaitKind.BARRIER).check(0, 5.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        assertThat(findings.found().get(0).text().what())
                .contains("reader waits at Box for a thread that does not come");
        assertThat(findings.found().get(0).text().change()).startsWith("Make the number of parties of Box");
        assertThat(joined(Story.OTHER, true, WaitKind.BARRIER).kinds(0, 5.5)).isEmpty();
    }

    @Test
    void aThreadThatSleepsOrAScheduledTaskMaySignal() {
        LockRef scheduled = new LockRef("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "d0");

        assertThat(joined(Story.OTHER, true).kinds(0, 5.5)).isEmpty();
        assertThat(joined(scheduled, false).kinds(0, 5.5)).isEmpty();
    }

    /** Tasks that wait for each other's results, and a worker without one. */
    private static Story joins(String runs, char third) {
        Story story = new Story();
        LockRef pool = new LockRef("java.util.concurrent.ForkJoinPool", "f0");
        Stack join = Story.stack("java.util.concurrent.CompletableFuture.join", "com.acme.Report.parts", runs);
        for (int second = 1; second <= 8; second++) {
            story.states(second, Map.of("task-1", 'C', "task-2", 'C', "worker", 'W', "other", third));
            for (String task : List.of("task-1", "task-2")) {
                LockRef result = new LockRef("java.util.concurrent.CompletableFuture", task);
                story.waitingNow(second, task, 4, WaitKind.FUTURE, result, null, second, false);
                story.waits(second, task, result, "WAITING", join);
            }
            story.waitingNow(second, "worker", 4, WaitKind.PARK, pool, null, second, true);
            if (third == 'W') {
                story.waitingNow(second, "other", 4, WaitKind.QUEUE_TAKE, Story.OTHER, null, second, true);
            }
        }
        return story;
    }

    @Test
    void tasksWhoseResultsNobodyIsLeftToGiveAreLost() {
        String task = "java.util.concurrent.CompletableFuture$AsyncSupply.run";
        assertThat(joins(task, 'W').kinds(0, 8.5)).containsExactly("lost-wakeup");
        assertThat(joins(task, 'S').kinds(0, 8.5))
                .as("one sleeps, and may give it then")
                .isEmpty();
        assertThat(joins("com.acme.Main.main", 'W').kinds(0, 8.5))
                .as("waits for the end")
                .isEmpty();
    }

    @Test
    void aTaskThatIsQueuedMayGiveTheResultOnceAThreadIsFree() {
        Story story = joins("java.util.concurrent.CompletableFuture$AsyncSupply.run", 'W');
        story.tell(PoolFigures.of(Map.of("size", 2, "busy", 2, "depth", 1, "arrivals", 0))
                .of("java.util.concurrent.ThreadPoolExecutor", "other-#", "threads")
                .at(8));

        assertThat(story.kinds(0, 8.5)).doesNotContain("lost-wakeup");
    }
}
