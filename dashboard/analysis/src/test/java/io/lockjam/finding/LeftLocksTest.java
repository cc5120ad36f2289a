// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Threads that have a lock and have left the code that took it, or sleep with it. */
class LeftLocksTest {
    private static final Stack TAKE =
            Story.stack("java.util.concurrent.locks.ReentrantLock.lock", "com.acme.Cache.take");

    @Test
    void aWorkerThatTookALockAndIsIdleHasLeftItLocked() {
        Story story = new Story();
        for (int second = 1; second <= 8; second++) {
            story.waitingNow(second, "a", 5, WaitKind.LOCK, Story.LOCK, "worker-1", second, false);
            story.waitingNow(second, "worker-1", 6, WaitKind.QUEUE_TAKE, Story.OTHER, null, second, true);
        }
        story.seen(2, "worker-1", "owner", "WAITING", Story.stack("java.util.concurrent.ThreadPoolExecutor.getTask"));
        story.waits(2, "a", Story.LOCK, "WAITING", TAKE);

        Finding finding = story.check(0, 8.5).found().get(0);
        assertThat(finding.title()).isEqualTo("a waits for Cache.lock, which is not given back (8 s so far).");
        assertThat(finding.text().why()).startsWith("worker-1 has it and waits for its next task");
        assertThat(finding.text().change())
                .startsWith("Find what worker-1 ran when it took Cache.lock and did not give it back");
    }

    /** One thread waits for a lock whose owner's stack was told once, 18 s before the end; until then its letter at second 10 is this. */
    private static Story asleepWithALock(char letter) {
        Story story = new Story();
        for (int second = 1; second <= 20; second++) {
            story.waitingNow(second, "a", 5, WaitKind.LOCK, Story.LOCK, "b", second, false);
            story.states(second, Map.of("a", 'L', "b", second == 10 ? letter : 'S'));
        }
        story.waits(2, "a", Story.LOCK, "WAITING", TAKE);
        story.seen(2, "b", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.Cache.refresh"));
        return story;
    }

    @Test
    void anOwnerOfWhomNothingIsSeenIsNotAskedToHoldTheLockForLess() {
        Story gone = new Story();
        Story runs = new Story();
        for (int second = 1; second <= 8; second++) {
            for (Story story : List.of(gone, runs)) {
                story.waitingNow(second, "a", 5, WaitKind.LOCK, Story.LOCK, "user-99", second, false);
            }
            runs.did(second, 990, "user-99", Fact.ActivityKind.RUNNING, Story.stack("com.acme.Cache.fill"));
        }

        Text text = gone.check(0, 8.5).found().get(0).text();
        assertThat(text.change())
                .startsWith("Find what user-99 ran when it took ReentrantLock and did not give it back");
        assertThat(text.expect()).startsWith("The threads go on as soon as");
        assertThat(runs.check(0, 8.5).found().get(0).text().change()).startsWith("Hold ReentrantLock for less");
    }

    /** A virtual thread waits for a result, as far as its code tells with a permit; others want one. */
    private static Text keeper(boolean taken) {
        Story story = new Story();
        LockRef permits = new LockRef("java.util.concurrent.Semaphore", "5e");
        LockRef part = new LockRef("java.util.concurrent.FutureTask", "f7");
        ThreadRef page = new ThreadRef(49, "", true, -1);
        story.names.put(permits, "com.acme.Site.limit");
        story.places.add("com.acme.Site.part");
        for (int second = 1; second <= 8; second++) {
            story.waitingNow(second, "a", 5, WaitKind.SEMAPHORE, permits, null, second, false);
            story.tell(new Fact.WaitingNow(
                    Story.at(second),
                    second,
                    page,
                    6,
                    WaitKind.FUTURE,
                    part,
                    null,
                    Duration.ofSeconds(second),
                    false,
                    1));
        }
        story.waits(
                2,
                "a",
                permits,
                "WAITING",
                Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Site.part"));
        Stack gets = Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Site.page");
        story.tell(new Fact.StackSeen(Story.at(2), page, "waiter", part, "WAITING", gets));
        if (taken) {
            story.owed.put(
                    "page",
                    Set.of(new Owed(WaitKind.SEMAPHORE, "com.acme.Site.limit", "com.acme.Site.page", true, false)));
        }
        return story.check(0, 8.5).found().get(0).text();
    }

    @Test
    void aVirtualThreadThatWaitsForAnotherTaskWithAPermitIsNamed() {
        assertThat(keeper(true).why())
                .startsWith("By its code virtual #49 has it, at Site.page(")
                .contains("waits there for what another task is to give");
        assertThat(keeper(true).change())
                .startsWith("Do not wait for another task with a permit of Site.limit at Site.page(");
        assertThat(keeper(false).why()).contains("no thread was seen");
    }

    @Test
    void whoHasSleptForLongWithALockIsStillKnownToSleep() {
        Finding finding = asleepWithALock('S').check(0, 20.5).found().get(0);
        assertThat(finding.kind()).isEqualTo(Kind.LOCK_HELD_ACROSS_BLOCKING);
        assertThat(finding.title()).contains("sleeps").contains("Cache.lock");
        assertThat(asleepWithALock('R').kinds(0, 20.5)).doesNotContain(Kind.LOCK_HELD_ACROSS_BLOCKING.id());
    }

    @Test
    void whoSleepsWhereItCanHaveTakenNoLockHasLeftItLocked() {
        Story story = asleepWithALock('S');
        story.takingNone.add("refresh");

        Finding finding = story.check(0, 20.5).found().get(0);

        assertThat(finding.kind()).isEqualTo(Kind.LOCK_CONTENTION);
        assertThat(finding.text().why()).startsWith("b has it and sleeps at Cache.refresh(");
        assertThat(finding.text().change()).contains("finally block").doesNotContain("before sleeping");
    }

    @Test
    void aLockThatAClassOfTheJdkTakesMayBeKeptInThatClass() {
        Story story = asleepWithALock('S');
        story.takingNone.add("refresh");
        story.waits(
                3,
                "a",
                Story.LOCK,
                "WAITING",
                Story.stack(
                        "java.util.concurrent.locks.ReentrantLock.lock",
                        "java.util.concurrent.SubmissionPublisher.submit",
                        "com.acme.Cache.take"));

        assertThat(story.check(0, 20.5).found().get(0).text().change()).doesNotContain("finally block");
    }

    /** Seven waits ended before the last permit was gone, so that it looks as if there were only too few. */
    @Test
    void permitsThatAnExceptionLeavesTakenAreToBeReleasedInAFinallyBlock() {
        Story story = permits();
        story.leavesPermit.add("render");

        Text text = story.check(0, 10.5).found().get(0).text();
        assertThat(text.why()).contains("those that took one have gone on without giving it back");
        assertThat(text.change())
                .startsWith("Release the permit of Renderer.slots in a finally block, at Renderer.render(")
                .doesNotContain("more permits");
        assertThat(permits().check(0, 10.5).found().get(0).text().change()).doesNotContain("leaves it taken");
    }

    private static Story permits() {
        Story story = new Story();
        LockRef slots = new LockRef("java.util.concurrent.Semaphore", "51");
        story.names.put(slots, "com.acme.Renderer.slots");
        Stack render = Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Renderer.render");
        for (int i = 1; i <= 7; i++) {
            story.wait(i / 5.0, 150, WaitKind.SEMAPHORE, slots, "a", null, "b", render, false);
        }
        story.mayGiveBack.add("render");
        for (int second = 3; second <= 10; second++) {
            for (String thread : List.of("a", "b", "c")) {
                story.waitingNow(
                        second, thread, 60 + thread.charAt(0), WaitKind.SEMAPHORE, slots, null, second - 2, false);
            }
        }
        for (String thread : List.of("a", "b", "c")) {
            story.waits(4, thread, slots, "WAITING", render);
        }
        return story;
    }
}
