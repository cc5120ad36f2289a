// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Range;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A monitor that virtual threads share: no event tells of a wait, only sums, and each second who waits and who has it. */
class VirtualMonitorTest {
    private static final LockRef DAO = new LockRef("com.acme.Dao", "5d");
    private static final Stack WAITER = Story.stack("com.acme.Dao.load", "com.acme.Shop.order");
    private static final Stack SLEEPER =
            Story.stack("java.lang.Thread.sleep", "com.acme.Disk.read", "com.acme.Dao.load", "com.acme.Shop.order");

    private static ThreadRef virtual(int id) {
        return new ThreadRef(1_000 + id, "", true, -1);
    }

    private static Story story(Stack holder, int waits) {
        Story story = new Story();
        story.tell(new Fact.StackSeen(Story.at(0.4), virtual(0), "waiter", DAO, "BLOCKED", WAITER));
        for (int second = 0; second < 10; second++) {
            ThreadRef owner = virtual(100 + second);
            story.tell(new Fact.StackSeen(Story.at(second + 0.49), owner, "owner", DAO, "TIMED_WAITING", holder));
            story.tell(new Fact.WaitingNow(
                    Story.at(second + 0.5),
                    second + 1,
                    virtual(second),
                    0,
                    WaitKind.MONITOR,
                    DAO,
                    owner,
                    Duration.ofMillis(50),
                    false,
                    6,
                    0));
            story.tell(new Fact.LockTotals(
                    Story.at(second + 0.9),
                    Duration.ofSeconds(1),
                    WaitKind.MONITOR,
                    DAO,
                    waits,
                    Duration.ofSeconds(6),
                    Duration.ofMillis(300),
                    Histogram.EMPTY,
                    0,
                    Duration.ZERO,
                    Duration.ZERO,
                    6,
                    true));
        }
        return story;
    }

    private static LockWindow lock(int waits) {
        return story(SLEEPER, waits)
                .session
                .locks(new Range(Story.at(0), Story.at(10)))
                .get(0);
    }

    @Test
    void whoHasItIsBlamedForAllTheTimeThatTheSumsTell() {
        LockWindow lock = lock(30);

        assertThat(lock.blame()).singleElement().satisfies(cell -> {
            assertThat(cell.doing()).isEqualTo(Doing.SLEEPS);
            assertThat(cell.waited()).isEqualTo(Duration.ofSeconds(60));
            assertThat(cell.waits()).isEqualTo(300);
        });
        assertThat(lock.sites())
                .singleElement()
                .satisfies(site -> assertThat(site.stack()).isEqualTo(WAITER));
        assertThat(lock.contentions()).isEqualTo(300);
    }

    @Test
    void aSleepWhileOthersWaitIsTold() {
        Finding told = story(SLEEPER, 30).check(0, 10).found().get(0);

        assertThat(told.kind()).isEqualTo(Kind.LOCK_HELD_ACROSS_BLOCKING);
        assertThat(told.text().change()).contains("Disk.read");
    }

    @Test
    void whoHasItIsBlamedAlsoWhereNoWaitHasEnded() {
        assertThat(lock(0).blame()).singleElement().satisfies(cell -> {
            assertThat(cell.doing()).isEqualTo(Doing.SLEEPS);
            assertThat(cell.waited()).isEqualTo(Duration.ofSeconds(60));
        });
    }

    @Test
    void workWhileOthersWaitIsContention() {
        Stack work = Story.stack("com.acme.Dao.sort", "com.acme.Dao.load", "com.acme.Shop.order");

        assertThat(story(work, 30).kinds(0, 10)).containsAnyOf("lock-contention", "global-lock");
        assertThat(story(work, 30).kinds(0, 10)).doesNotContain("lock-held-across-blocking");
    }
}
