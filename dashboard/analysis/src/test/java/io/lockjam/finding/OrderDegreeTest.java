// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How near to a deadlock two opposite nestings are. */
final class OrderDegreeTest {
    private static Story opposite() {
        return new Story().tell(order(1, "A", Story.LOCK, Story.OTHER)).tell(order(2, "B", Story.OTHER, Story.LOCK));
    }

    private static Fact order(double second, String thread, LockRef held, LockRef wanted) {
        return new Fact.LockOrderSeen(
                Story.at(second),
                Story.thread(thread),
                held,
                "com.acme.Account.lock(Account.java:5)",
                wanted,
                Story.stack("com.acme." + thread + ".transfer"),
                List.of(),
                false);
    }

    private static Story waits(Story story, double end, String thread, LockRef wanted, String owner) {
        return story.wait(
                end,
                20,
                WaitKind.LOCK,
                wanted,
                thread,
                owner,
                owner,
                Story.stack("com.acme." + thread + ".take"),
                false);
    }

    private static String degree(Story story) {
        return String.valueOf(story.check(0, 4).found().stream()
                .filter(each -> each.kind() == Kind.LOCK_ORDER_INVERSION)
                .findFirst()
                .orElseThrow()
                .details()
                .evidence()
                .get("degree"));
    }

    @Test
    void isConfirmedOnceEachHasWaitedForTheOther() {
        assertThat(degree(opposite())).isEqualTo("FEASIBLE");

        Story oneWay = waits(opposite(), 1.5, "A", Story.OTHER, "B");
        assertThat(degree(oneWay)).isEqualTo("FEASIBLE");
        assertThat(degree(waits(oneWay, 2.5, "B", Story.LOCK, "A"))).isEqualTo("CONFIRMED");
    }

    @Test
    void isPotentialIfTheThreadsAreNotKnownToHaveLivedAtOneTime() {
        assertThat(degree(opposite().tell(started("A", 0.5)).tell(ended("A", 1.2))))
                .isEqualTo("POTENTIAL");
        assertThat(degree(opposite().tell(started("B", 1.5)))).isEqualTo("POTENTIAL");
        assertThat(degree(opposite()
                        .tell(started("B", 0.5))
                        .tell(started("A", 0.5))
                        .tell(ended("A", 2.5))))
                .isEqualTo("FEASIBLE");
    }

    private static Fact started(String thread, double at) {
        return new Fact.ThreadStarted(Story.at(at), Story.thread(thread), null, Stack.EMPTY);
    }

    private static Fact ended(String thread, double at) {
        return new Fact.ThreadEnded(Story.at(at), Story.thread(thread));
    }
}
