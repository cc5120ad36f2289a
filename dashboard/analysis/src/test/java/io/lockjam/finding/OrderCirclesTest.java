// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nestings close a circle, and what is said of it. */
final class OrderCirclesTest {
    private static LockRef lock(String identity) {
        return new LockRef("java.util.concurrent.locks.ReentrantLock", identity);
    }

    private static Fact.LockOrderSeen order(String thread, LockRef held, LockRef wanted) {
        return new Fact.LockOrderSeen(
                Story.at(1),
                Story.thread(thread),
                held,
                "com.acme.Account.lock(Account.java:5)",
                wanted,
                Story.stack("com.acme." + thread + ".transfer"),
                List.of(),
                false);
    }

    private static Fact started(String thread, double at) {
        return new Fact.ThreadStarted(Story.at(at), Story.thread(thread), null, Stack.EMPTY);
    }

    @Test
    void philosophersAtOneTableAreOneInversion() {
        Story story = new Story();
        for (int i = 0; i < 7; i++) {
            story.tell(order("P" + i, lock("f" + i), lock("f" + (i + 1) % 7)));
        }
        assertThat(story.check(0, 2).found()).singleElement().satisfies(each -> {
            assertThat(each.details().threads()).hasSize(7);
            assertThat(each.text().what()).contains("7 locks in a circle");
        });
    }

    @Test
    void locksOfOneNameAreToldApart() {
        Story story = new Story();
        Fact.LockOrderSeen first = transfer("A", lock("1"), lock("2"));
        story.tell(first.named(lock("1"), "com.acme.Bank.stripes[]"));
        story.tell(first.named(lock("2"), "com.acme.Bank.stripes[]"));
        story.tell(first).tell(transfer("B", lock("2"), lock("1")));

        assertThat(story.check(0, 2).found()).singleElement().satisfies(each -> {
            assertThat(each.text().what()).contains("A takes Bank.stripes[]@1 then Bank.stripes[]@2, B takes");
            assertThat(each.text().change())
                    .startsWith("One place takes them in either order: at Account.lock(Account.java:5) take first");
        });
    }

    private static Fact.LockOrderSeen transfer(String thread, LockRef held, LockRef wanted, String... callers) {
        List<String> methods = new ArrayList<>(List.of("com.acme.Bank.transfer"));
        methods.addAll(List.of(callers));
        Fact.LockOrderSeen any = order(thread, held, wanted);
        return new Fact.LockOrderSeen(
                any.at(),
                any.thread(),
                held,
                any.heldAt(),
                wanted,
                Story.stack(methods.toArray(String[]::new)),
                any.gates(),
                false);
    }

    @Test
    void whereAllAskAtOneLineTheirCallersAreNamed() {
        Story story = new Story();
        story.tell(transfer("A", lock("1"), lock("2"), "com.acme.Shop.sell"));
        story.tell(transfer("B", lock("2"), lock("1"), "com.acme.Shop.cancel"));

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(each -> assertThat(each.text().change())
                        .contains("when it is called from Shop.sell", " and from Shop.cancel"));
    }

    /** Rounds of two threads, of which the second one begins so long after the first. */
    private static Story rounds(int count, double after) {
        Story story = new Story();
        for (int i = 1; i <= count; i++) {
            double begin = 1 + i * 0.1;
            story.tell(started("A-" + i, begin));
            story.tell(started("B-" + i, begin + after));
            story.tell(ended("A-" + i, begin + 0.02));
            story.tell(ended("B-" + i, begin + 0.06));
        }
        story.tell(order("A-1", lock("1"), lock("2")));
        return story.tell(order("B-1", lock("2"), lock("1")));
    }

    private static Fact ended(String thread, double at) {
        return new Fact.ThreadEnded(Story.at(at), Story.thread(thread));
    }

    @Test
    void threadsOfWhichOneSortEndsBeforeTheOtherBeginsMakeNoInversion() {
        assertThat(rounds(8, 0.03).kinds(0, 3)).doesNotContain("lock-order-inversion");
        assertThat(rounds(3, 0.03).kinds(0, 3)).as("by chance").contains("lock-order-inversion");
        assertThat(rounds(8, 0.01).check(0, 3).found())
                .filteredOn(each -> each.kind() == Kind.LOCK_ORDER_INVERSION)
                .singleElement()
                .satisfies(each ->
                        assertThat(each.text().what()).endsWith("can deadlock if they come there at one time."));
    }

    @Test
    void aDeadlockThatHasHappenedIsToldAsOne() {
        Story story = new Story();
        story.tell(order("A", lock("1"), lock("2"))).tell(order("B", lock("2"), lock("1")));
        assertThat(story.kinds(0, 2)).containsExactly("lock-order-inversion");

        for (int i = 1; i <= 5; i++) {
            story.waitingNow(i, "A", 5, WaitKind.LOCK, lock("2"), "B", i, false);
            story.waitingNow(i, "B", 6, WaitKind.LOCK, lock("1"), "A", i, false);
        }
        assertThat(story.kinds(0, 5.5)).containsExactly("deadlock");
    }
}
