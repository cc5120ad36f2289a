// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Threads that wait at a pool made of a queue, to which nothing comes back. */
class NothingPutBackRuleTest {
    private static final LockRef FREE = new LockRef("java.util.concurrent.LinkedBlockingQueue", "71");
    private static final Stack REQUEST =
            Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Base.borrow", "com.acme.Web.page");

    private static Story story(Stack stack) {
        return story(stack, true);
    }

    private static Story story(Stack stack, boolean idle) {
        Story story = new Story();
        story.names.put(FREE, "com.acme.Base.free");
        for (int second = 1; second <= 10; second++) {
            for (int user = 1; user <= 3; user++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.QUEUE_TAKE, FREE, null, second, idle);
            }
        }
        for (int user = 1; user <= 3; user++) {
            story.seen(6, "user-" + user, "taker", "WAITING", stack);
        }
        story.mayGiveBack.add("borrow");
        return story;
    }

    @Test
    void whatIsNotPutBackOnAWayIsTold() {
        List<Finding> found = story(REQUEST).check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what())
                .isEqualTo("3 threads wait to take from Base.free, into which nothing is put back (10 s so far).");
        assertThat(text.why()).contains("at Web.page(", "not on every way", "none has something");
        assertThat(text.change()).contains("in a finally block, at Web.page(");
    }

    @Test
    void ofAQueueInAPoolItIsToldOnce() {
        Stack borrows = Story.stack(
                "java.util.concurrent.LinkedBlockingQueue.take", "com.acme.BasePool.borrow", "com.acme.Web.page");

        List<Finding> found = story(borrows, false).check(0, 10).found();

        assertThat(found).hasSize(1);
        assertThat(found.get(0).text().what()).contains("Base.free, into which nothing is put back");
    }

    @Test
    void aThreadThatHasOneIsNamed() {
        Story story = story(REQUEST);
        story.owed.put("report", Set.of(new Owed(WaitKind.QUEUE_TAKE, "com.acme.Base.free", "report", true, false)));
        story.states(9, Map.of("night", 'S'));
        story.seen(9, "night", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.Job.report"));

        assertThat(story.check(0, 10).found().get(0).text().why())
                .contains("By its code night has one, at Job.report(");
    }

    @Test
    void consumersIdle() {
        Story consumers = story(REQUEST);
        consumers.mayGiveBack.clear();
        Story retrying = story(Story.stack("java.util.concurrent.LinkedBlockingQueue.take", "com.acme.Worker.borrow"));

        assertThat(consumers.check(0, 10).found()).isEmpty();
        assertThat(retrying.check(0, 10).found()).isEmpty();
        retrying.waitsOnce.add("borrow");
        assertThat(retrying.check(0, 10).found()).hasSize(1);
    }

    @Test
    void aCallbackMayPutItBackLater() {
        Story story = story(REQUEST);
        story.giving.add("com.acme.Base.answered");

        assertThat(story.check(0, 10).found()).isEmpty();
    }

    @Test
    void whatCameBackMeanwhileIsNoLeak() {
        Story story = story(REQUEST);
        story.wait(6, 900, WaitKind.QUEUE_TAKE, FREE, "user-4", null, "user-5", REQUEST, true);

        assertThat(story.check(0, 10).found()).isEmpty();
    }

    @Test
    void anOrdinaryWaitForAConnectionIsShorter() {
        assertThat(story(REQUEST).check(0, 4.5).found()).isEmpty();
    }

    @Test
    void whoTakesInAClassThatCallsItselfAPoolIsAtWork() {
        for (String lender : List.of("com.acme.ConnectionPool", "com.acme.WorkerPool", "com.acme.Inbox")) {
            Stack takes =
                    Story.stack("java.util.concurrent.LinkedBlockingQueue.take", lender + ".take", "com.acme.Web.page");
            Story story = story(takes);
            story.mayGiveBack.add("take");

            assertThat(story.check(0, 10).found()).as(lender).hasSize(lender.endsWith("ConnectionPool") ? 1 : 0);
            assertThat(story.check(0, 10).found())
                    .allMatch(each -> each.text().change().contains("at Web.page("));
        }
        Story own = story(Story.stack(
                "java.util.concurrent.LinkedBlockingQueue.take",
                "com.acme.ConnectionPool.take",
                "com.acme.ConnectionPool$Cleaner.run"));
        own.mayGiveBack.add("take");
        assertThat(own.check(0, 10).found()).isEmpty();
    }
}
