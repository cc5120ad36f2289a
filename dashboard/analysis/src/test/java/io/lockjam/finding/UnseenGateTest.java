// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nestings in opposite orders that are both called from one line. */
class UnseenGateTest {
    private static Story inLoop(List<String> firstGates, List<String> secondGates) {
        Story story = new Story();
        story.tell(called("A", lock("1"), lock("2"), firstGates));
        story.tell(called("B", lock("2"), lock("1"), secondGates));
        return story;
    }

    private static Fact.LockOrderSeen called(String thread, LockRef held, LockRef wanted, List<String> gates) {
        return new Fact.LockOrderSeen(
                Story.at(1),
                Story.thread(thread),
                held,
                "com.acme.Account.lock(Account.java:5)",
                wanted,
                Story.stack("com.acme.Account.add", "com.acme.Account.lock", "com.acme.App.loop"),
                gates,
                false);
    }

    @Test
    void aLockThatALoopAroundBothHasTakenUnseenMayKeepThemApart() {
        Story unseen = inLoop(List.of("1"), List.of("2"));
        Story seen = inLoop(List.of("1", "8"), List.of("2", "9"));
        Story inside = inLoop(List.of("1"), List.of("2"));

        assertThat(unseen.kinds(0, 2)).containsExactly("lock-order-inversion");
        unseen.inLock.add("loop");
        assertThat(unseen.kinds(0, 2)).isEmpty();
        seen.inLock.add("loop");
        assertThat(seen.kinds(0, 2)).containsExactly("lock-order-inversion");
        inside.inLock.add("lock");
        assertThat(inside.kinds(0, 2)).containsExactly("lock-order-inversion");
    }

    private static LockRef lock(String identity) {
        return new LockRef("java.util.concurrent.locks.ReentrantLock", identity);
    }
}
