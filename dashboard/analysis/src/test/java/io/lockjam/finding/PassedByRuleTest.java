// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Writers that wait while others have the lock by turns, and those that wait for one thread. */
class PassedByRuleTest {
    private static final LockRef TABLE = new LockRef("java.util.concurrent.locks.StampedLock", "5a");
    private static final Stack WRITE =
            Story.stack("java.util.concurrent.locks.StampedLock.writeLock", "com.acme.Table.write");
    private static final Stack READ = Story.stack("java.lang.Thread.sleep", "com.acme.Table.read");

    private static Story writer(int readers, WaitKind owed) {
        Story story = new Story();
        story.names.put(TABLE, "com.acme.Table.lock");
        story.owed.put(
                READ.frames().get(1).method(), Set.of(new Owed(owed, "com.acme.Table.lock", "unlock", true, true)));
        for (int second = 1; second <= 8; second++) {
            story.waitingNow(second, "writer", 7, WaitKind.STAMPED, TABLE, null, second, false);
            story.waits(second, "writer", TABLE, "WAITING", WRITE);
            for (int i = 0; i < readers; i++) {
                story.did(second + i / 10.0, 4, "reader-" + i, Fact.ActivityKind.SLEEP, READ);
            }
        }
        return story;
    }

    @Test
    void readersByTurnsAreNamed() {
        List<Finding> found = writer(8, WaitKind.STAMPED).check(0, 8.5).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what()).contains("writer waits for Table.lock", "which 8 other threads have by turns");
        assertThat(text.why()).contains("and 5 more had it since then", "Table.read");
        assertThat(text.change()).contains("readLock() instead of tryReadLock()");
    }

    @Test
    void oneReaderAndThreadsThatHaveItNotArePassedOver() {
        for (Story story : List.of(writer(2, WaitKind.STAMPED), writer(8, WaitKind.SEMAPHORE))) {
            assertThat(story.check(0, 8.5).found())
                    .noneMatch(each -> each.text().what().contains("by turns"));
        }
    }

    @Test
    void anOwnerThatGivesBackAndTakesAgainKeepsNothing() {
        for (boolean gives : new boolean[] {true, false}) {
            Story story = new Story();
            if (gives) {
                story.heldOnce.add("work");
            }
            Stack work = Story.stack("java.lang.Thread.sleep", "com.acme.Shop.work");
            for (int second = 1; second <= 8; second++) {
                story.waitingNow(second, "web-1", 7, WaitKind.LOCK, Story.LOCK, "web-2", second, false);
                for (int i = 0; i < 9; i++) {
                    story.did(second + i / 10.0, 90, "web-2", Fact.ActivityKind.SLEEP, work);
                }
            }
            String what = story.check(0, 8.5).found().get(0).text().what();
            assertThat(what.contains("which web-2 gives back and takes again")).isEqualTo(gives);
        }
    }
}
