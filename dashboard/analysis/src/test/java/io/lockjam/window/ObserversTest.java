// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.PUT;
import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.states;
import static io.lockjam.window.Given.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The threads that are there because of us: to be seen on request, and in no figure of the application's. */
class ObserversTest {
    private static final ThreadRef TICKER = new ThreadRef(90, "Lockjam ticker", false, 1_090);

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @BeforeEach
    void oneSecond() {
        session.accept(states(1.1, Map.of(1L, 'R')));
        session.accept(new Fact.ThreadStarted(at(1.2), TICKER, null, Stack.EMPTY));
        session.accept(ran(thread(1)));
        session.accept(ran(TICKER));
        session.accept(new Fact.OsUsage(
                at(2), Duration.ofSeconds(1), List.of(new Fact.OsThread(1_090, 400_000_000, 0, 7, 1)), -1, -1));
    }

    private static Fact ran(ThreadRef thread) {
        return new Fact.Activity(at(1.3), Duration.ofMillis(20), thread, Fact.ActivityKind.RUNNING, PUT, null);
    }

    @Test
    void haveALaneAndARowOfTheirOwn() {
        Lanes lanes = session.lanes(range(1, 2));

        assertThat(lanes.rows()).extracting(lane -> lane.thread().id()).containsExactly(1L);
        assertThat(lanes.observers()).singleElement().satisfies(lane -> {
            assertThat(lane.thread()).isEqualTo(TICKER);
            assertThat(lane.states()).isEqualTo("R");
        });
        assertThat(session.threads(range(1, 2)))
                .extracting(ThreadWindow::thread)
                .doesNotContain(TICKER);
        assertThat(session.observers(range(1, 2))).singleElement().satisfies(row -> {
            assertThat(row.cpuShare()).isEqualTo(0.4);
            assertThat(row.voluntarySwitchesPerSecond()).isEqualTo(7);
        });
    }

    @Test
    void areInAFlameGraphOnlyOnRequest() {
        assertThat(flame(false).samples()).isEqualTo(1);
        assertThat(flame(true).samples()).isEqualTo(2);
        assertThat(session.samples(range(1, 2)))
                .extracting(Session.Samples::thread)
                .containsExactly(thread(1));
    }

    private Flame flame(boolean observers) {
        return session.flame(range(1, 2), Flame.Mode.CPU, thread -> true, false, observers);
    }
}
