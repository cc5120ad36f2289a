// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who waits for whom, where threads or locks share a name. */
class DeadlockTextTest {
    private static final Stack MOVE = Story.stack("com.acme.Docks.move");

    @Test
    void threadsAndLocksOfOneNameAreToldApart() {
        DeadlockText text = text("crane", "crane", "crane");

        assertThat(text.steps())
                .startsWith("crane #1 wants Dock@a1, held by crane #2, at Docks.move(")
                .contains("; crane #3 wants Dock@a3, held by crane #1, at ");
        assertThat(text.change()).startsWith("Lock the objects of class Dock in an order");
    }

    @Test
    void threadsOfDifferentNamesNeedNoNumber() {
        DeadlockText text = text("east", "west");

        assertThat(text.steps()).startsWith("east wants Dock@a1, held by west, at ");
        assertThat(text.change()).startsWith("Lock the two objects of class Dock in an order");
    }

    @Test
    void anInitialiserMayNotWaitForWhoNeedsItsClass() {
        List<WaitForGraph.Edge> cycle =
                List.of(edge(0, "main", WaitKind.JOIN, "loader"), edge(1, "loader", WaitKind.CLASS_INIT, "main"));
        List<Stack> stacks =
                List.of(Story.stack("com.acme.Config.<clinit>"), Story.stack("com.acme.Config$$Lambda.run"));
        DeadlockText text = new DeadlockText(cycle, stacks, Set.of());

        assertThat(text.steps()).startsWith("main waits for the end of loader, at Config.<clinit>(");
        assertThat(text.change())
                .startsWith("Do not wait for another thread or task inside the static initialiser, at Config.<clinit>(")
                .doesNotContain("Lambda.run");
    }

    private static WaitForGraph.Edge edge(int index, String waiter, WaitKind kind, String owner) {
        return new WaitForGraph.Edge(
                thread(index, waiter),
                index,
                kind,
                new LockRef("com.acme.Config", "0"),
                "config",
                "com.acme.Config",
                thread(1 - index, owner),
                Duration.ofSeconds(6),
                false,
                1,
                -1);
    }

    private static DeadlockText text(String... threads) {
        List<WaitForGraph.Edge> cycle = new ArrayList<>();
        for (int i = 0; i < threads.length; i++) {
            int next = (i + 1) % threads.length;
            cycle.add(new WaitForGraph.Edge(
                    thread(i, threads[i]),
                    i,
                    WaitKind.MONITOR,
                    new LockRef("com.acme.Dock", "a" + (i + 1)),
                    "dock",
                    "com.acme.Dock",
                    thread(next, threads[next]),
                    Duration.ofSeconds(5),
                    false,
                    1,
                    -1));
        }
        return new DeadlockText(cycle, Collections.nCopies(threads.length, MOVE), Set.of());
    }

    private static ThreadRef thread(int index, String name) {
        return new ThreadRef(index + 1L, name, false, index + 100L);
    }
}
