// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CreditsStandRuleTest {
    private static final Stack SENDS = Story.stack(
            "java.util.concurrent.Semaphore.acquire",
            "org.apache.broker.Credits.acquireCredits",
            "org.apache.broker.Producer.send",
            "com.acme.Shop.order");
    private static final Stack PLAIN = Story.stack(
            "java.util.concurrent.Semaphore.acquire", "org.apache.broker.Turns.next", "com.acme.Shop.order");

    /** Producers that wait for a semaphore each, for ten seconds. */
    private static Story story(int producers, Stack stack) {
        Story story = new Story();
        for (int producer = 1; producer <= producers; producer++) {
            LockRef own = new LockRef("java.util.concurrent.Semaphore", "s" + producer);
            story.names.put(own, "org.apache.broker.Credits.semaphore");
            for (int second = 0; second <= 10; second++) {
                String name = "shop-" + producer;
                story.states(second, Map.of(name, 'L', "billing", 'W'));
                story.waitingNow(second, name, producer, WaitKind.SEMAPHORE, own, null, second, false);
                story.waits(second, name, own, "WAITING", stack);
            }
        }
        story.seen(
                9,
                "billing",
                "waiter",
                "WAITING",
                Story.stack("java.lang.Object.wait", "org.apache.broker.Consumer.receive", "com.acme.Billing.read"));
        return story;
    }

    @Test
    void producersToWhomNoCreditsComeAreTold() {
        Finding found = story(2, SENDS).check(0, 10).found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.QUEUE_BACKLOG);
        assertThat(found.text().what())
                .startsWith("2 threads wait in Credits.acquireCredits(")
                .contains("for leave to send, and none is given (10 s so far) at Shop.order(");
    }

    @Test
    void oneAloneOrOtherPermitsAreNot() {
        assertThat(story(1, SENDS).kinds(0, 10)).doesNotContain("queue-backlog");
        assertThat(story(2, PLAIN).kinds(0, 10)).doesNotContain("queue-backlog");
    }

    @Test
    void aConsumerThatIsSlowLetsThemGoOnAtTimes() {
        Story story = story(2, SENDS);
        LockRef own = new LockRef("java.util.concurrent.Semaphore", "s3");
        story.names.put(own, "org.apache.broker.Credits.semaphore");
        story.wait(8, 3_000, WaitKind.SEMAPHORE, own, "shop-3", null, "billing", SENDS, true);

        assertThat(story.kinds(0, 10)).doesNotContain("queue-backlog");
    }

    @Test
    void waitsThatEndByTheirOwnLimitAndBeginAgainAreOne() {
        Story story = new Story();
        for (int producer = 1; producer <= 2; producer++) {
            LockRef own = new LockRef("java.util.concurrent.Semaphore", "s" + producer);
            String name = "shop-" + producer;
            story.names.put(own, "org.apache.broker.Credits.semaphore");
            story.wait(8, 7_000, WaitKind.SEMAPHORE, own, name, null, null, SENDS, true);
            story.states(10, Map.of(name, 'L'));
            story.waitingNow(10, name, producer, WaitKind.SEMAPHORE, own, null, 2, false);
            story.waits(10, name, own, "TIMED_WAITING", SENDS);
        }

        assertThat(story.check(0, 10).found().get(0).text().what()).contains("(9 s so far)");
    }
}
