// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nestings of locks that waits give away. */
class WaitOrdersTest {
    private static final LockRef THIRD = new LockRef("java.util.concurrent.locks.ReentrantLock", "3");
    private static final LockRef FOURTH = new LockRef("java.util.concurrent.locks.ReentrantLock", "4");

    @Test
    void waitsForALockOfAThreadThatWaitsItselfAreANesting() {
        Story story = new Story();
        waitsWhileHolding(story, 1, "A", Story.LOCK, Story.OTHER);
        waitsWhileHolding(story, 2, "B", Story.OTHER, Story.LOCK);
        Story oneWay = new Story();
        waitsWhileHolding(oneWay, 1, "A", Story.LOCK, Story.OTHER);
        waitsWhileHolding(oneWay, 2, "B", Story.LOCK, Story.OTHER);

        assertThat(inversions(oneWay, 0, 4)).isEmpty();
        assertThat(inversions(story, 0, 4)).singleElement().satisfies(each -> {
            assertThat(each.details().evidence()).containsEntry("degree", "POTENTIAL");
            assertThat(each.text().why()).contains("holds Cache.lock, for which others wait");
            assertThat(each.details().threads()).containsExactlyInAnyOrder("A", "B");
        });
    }

    @Test
    void aNestingThatWaitsGaveAwayLongAgoIsStillKnown() {
        Story story = new Story();
        waitsWhileHolding(story, 1, "A", Story.LOCK, Story.OTHER);
        waitsWhileHolding(story, 60, "C", THIRD, FOURTH);
        assertThat(inversions(story, 58, 62)).isEmpty();

        waitsWhileHolding(story, 120, "B", Story.OTHER, Story.LOCK);
        assertThat(inversions(story, 118, 122)).hasSize(1);
        story.tell(new Fact.Gap(Story.at(200), Story.millis(0), "", 0));
        assertThat(inversions(story, 198, 202)).hasSize(1);
        assertThat(inversions(story, 198, 202)).hasSize(1);
    }

    @Test
    void anOwnerThatIsReadAsItsOwnWaitEndsMayHaveTakenTheLockSince() {
        Story story = new Story();
        waitsWhileHolding(story, 1, "A", Story.LOCK, Story.OTHER);
        story.wait(2, 100, WaitKind.LOCK, Story.LOCK, "B", "x", "x", Story.stack("com.acme.B.take"), false);
        story.wait(2.0295, 30, WaitKind.LOCK, Story.OTHER, "y", "B", "B", Story.stack("com.acme.Y.take"), false);

        assertThat(inversions(story, 0, 4)).isEmpty();
    }

    @Test
    void aSnapshotTellsANestingOfWhoWaitsSinceBeforeItWasBegun() {
        assertThat(inversions(snapshots(400), 0, 12)).hasSize(1);
        assertThat(inversions(snapshots(100), 0, 12)).isEmpty();
    }

    /** A and B each wait for the lock that the other one holds at another time, until 10 ms after a snapshot. */
    private static Story snapshots(double millis) {
        Story story = new Story();
        snapshot(story, 4, millis, "A", Story.LOCK, Story.OTHER);
        snapshot(story, 8, millis, "B", Story.OTHER, Story.LOCK);
        return story;
    }

    private static void snapshot(Story story, double at, double millis, String thread, LockRef holds, LockRef wants) {
        story.waitingNow(at, thread, 1, WaitKind.LOCK, wants, "x", millis / 1e3, false);
        story.waitingNow(at, "y", 2, WaitKind.LOCK, holds, thread, millis / 1e3, false);
        story.wait(
                at + 0.01,
                millis,
                WaitKind.LOCK,
                wants,
                thread,
                "x",
                "x",
                Story.stack("com.acme." + thread + ".take"),
                false);
    }

    /** Until {@code end} the thread waits 100 ms for one lock; 50 ms before, others begin to wait for the one it holds. */
    private static void waitsWhileHolding(Story story, double end, String thread, LockRef holds, LockRef wants) {
        story.wait(
                end, 100, WaitKind.LOCK, wants, thread, "x", "x", Story.stack("com.acme." + thread + ".take"), false);
        story.wait(end + 0.01, 60, WaitKind.LOCK, holds, "y", thread, thread, Story.stack("com.acme.Y.take"), false);
    }

    private static List<Finding> inversions(Story story, double from, double to) {
        return story.check(from, to).found().stream()
                .filter(each -> each.kind() == Kind.LOCK_ORDER_INVERSION)
                .toList();
    }
}
