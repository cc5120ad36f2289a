// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.states;
import static io.lockjam.window.Given.thread;
import static io.lockjam.window.Given.waited;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitForGraphTest {
    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void chainsAreFollowedToTheRoot() {
        for (int i = 1; i <= 3; i++) {
            session.accept(new Fact.WaitingNow(
                    at(1),
                    1,
                    thread(i),
                    i,
                    WaitKind.LOCK,
                    new LockRef("L", "" + i),
                    thread(i + 1),
                    Duration.ofSeconds(i),
                    false,
                    1));
        }
        WaitForGraph graph = session.graph(at(1.5));

        assertThat(graph.trees()).singleElement().satisfies(tree -> {
            assertThat(tree.root()).isEqualTo(thread(4));
            assertThat(tree.blocked()).isEqualTo(3);
            assertThat(tree.knots().get(0).owner()).isEqualTo(thread(4));
        });
        assertThat(graph.chain(thread(1))).hasSize(3);
        assertThat(graph.cycles()).isEmpty();
        assertThat(session.graph(at(30)).edges()).isEmpty();
        assertThat(session.graph(at(0.5)).edges()).isEmpty();
    }

    @Test
    void whoWaitsForTheEndOfAThreadComesAfterWhoWaitsForALock() {
        session.accept(now(thread(1), WaitKind.JOIN, thread(2), Duration.ofMinutes(5)));
        session.accept(now(thread(3), WaitKind.LOCK, thread(4), Duration.ofMillis(5)));

        assertThat(session.graph(at(1.5)).trees())
                .extracting(WaitForGraph.Tree::root)
                .containsExactly(thread(4), thread(2));
    }

    private static Fact.WaitingNow now(ThreadRef waiter, WaitKind kind, ThreadRef owner, Duration soFar) {
        LockRef lock = new LockRef("L", "" + owner.id());
        return new Fact.WaitingNow(at(1), 1, waiter, 7, kind, lock, owner, soFar, false, 1);
    }

    @Test
    void aMonitorOfNoNameIsWhatItsWaiterIsToldToHaveWaitedForThen() {
        Session named = new Session((kind, lock, stack) -> Optional.of("Cache.of" + lock.identity()), Limits.DEFAULT);
        named.accept(waited(0.5, 10, "aaa", 1, 3));
        named.accept(new Fact.WaitingNow(
                at(1),
                1,
                thread(1),
                7,
                WaitKind.MONITOR,
                new LockRef("com.acme.Cache", "77"),
                thread(2),
                Duration.ofMillis(5),
                false,
                1));
        named.accept(waited(1.05, 10, "bbb", 4, 3)); // began later
        named.accept(waited(0.995, 10, "ccc", 1, 3)); // ended before
        assertThat(named.graph(at(1.5)).edges().get(0).lockName()).isEqualTo("com.acme.Cache");

        named.accept(waited(1.02, 40, "bbb", 1, 3));

        WaitForGraph.Edge edge = named.graph(at(1.5)).edges().get(0);
        assertThat(edge.lockName()).isEqualTo("Cache.ofbbb");
        assertThat(named.locks(range(0, 2)).stream().map(LockWindow::id)).contains(edge.lockId());
    }

    @Test
    void aSnapshotThatIsTakenWhileTheSecondChangesIsOne() {
        for (int i = 1; i <= 2; i++) {
            session.accept(new Fact.WaitingNow(
                    at(i == 1 ? 0.999 : 1.001),
                    7,
                    thread(i),
                    i,
                    WaitKind.LOCK,
                    new LockRef("L", "" + i),
                    thread(3 - i),
                    Duration.ofSeconds(5),
                    false,
                    1));
        }
        assertThat(session.graph(at(1.5)).cycles()).hasSize(1);
        assertThat(session.graphs(range(0, 2))).hasSize(1);
    }

    @Test
    void aCycleIsFoundOnceAndShownAsDead() {
        cycle(1_000);

        assertThat(session.graph(at(1)).deadlocks()).hasSize(1);
        Lanes lanes = session.lanes(range(1, 2));
        assertThat(lanes.rows()).extracting(Lanes.Lane::states).containsExactlyInAnyOrder("D", "D", "R");
    }

    @Test
    void aCycleOfWaitsThatHaveJustBegunIsNotShownAsDead() {
        cycle(2);

        assertThat(session.graph(at(1)).deadlocks()).isEmpty();
        Lanes lanes = session.lanes(range(1, 2));
        assertThat(lanes.rows()).extracting(Lanes.Lane::states).containsExactlyInAnyOrder("B", "B", "R");
    }

    private void cycle(long millis) {
        session.accept(states(1, Map.of(1L, 'B', 2L, 'B', 3L, 'R')));
        for (int waiter = 1; waiter <= 2; waiter++) {
            session.accept(new Fact.WaitingNow(
                    at(1),
                    1,
                    thread(waiter),
                    1,
                    WaitKind.MONITOR,
                    new LockRef("L", String.valueOf(waiter)),
                    thread(3 - waiter),
                    Duration.ofMillis(millis),
                    false,
                    1));
        }
    }
}
