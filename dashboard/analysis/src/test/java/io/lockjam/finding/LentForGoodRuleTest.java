// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class LentForGoodRuleTest {
    private static final Stack LEASE = Story.stack(
            "java.lang.Object.wait", "org.lender.Future.get", "org.lender.StrictPool.lease", "com.acme.Web.page");

    /** Three threads that wait for ten seconds and go on waiting. */
    private static Story story(Stack stack) {
        Story story = new Story();
        for (int user = 1; user <= 3; user++) {
            for (int second = 0; second <= 10; second++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.CONDITION, Story.LOCK, null, second, false);
                story.waits(second, "user-" + user, Story.LOCK, "TIMED_WAITING", stack);
            }
        }
        return story;
    }

    @Test
    void whatIsKeptIsTold() {
        List<Finding> found = story(LEASE).check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what())
                .isEqualTo("3 threads wait for what StrictPool lends, and nothing is given back (10 s so far).");
        assertThat(text.change()).contains("not closed").contains("called from Web.page");
    }

    @Test
    void workersOfAPoolThatBorrowTheirTasksIdle() {
        Stack worker = Story.stack(
                "java.lang.Object.wait",
                "com.acme.OwnPool.acquireNext",
                "com.acme.OwnPool$Worker.run",
                "java.lang.Thread.run");

        assertThat(story(worker).check(0, 10).found()).isEmpty();
    }

    @Test
    void aPoolOfWhichNothingIsBorrowedMayBeOneOfTasks() {
        Stack worker = Story.stack("java.lang.Object.wait", "com.acme.OwnPool.next", "com.acme.Worker.run");

        assertThat(story(worker).check(0, 10).found()).isEmpty();
    }

    @Test
    void whatComesBackNowAndThenIsNotKeptForGood() {
        Story story = story(LEASE);
        story.wait(5, 100, WaitKind.CONDITION, Story.LOCK, "user-4", null, "user-5", LEASE, true);

        assertThat(story.check(0, 10).found()).isEmpty();
    }
}
