// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class VirtualRowsTest {
    private static final LockRef PERMITS = new LockRef("java.util.concurrent.Semaphore", "42");

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void threadsThatWaitForTheSameAreOneRow() {
        session.accept(new Fact.ThreadStates(at(1), 7, Map.of(), Map.of(), 10_003, 0, 1));
        waits(thread(1), 2, 10_000);
        waits(thread(2), 5, 1);
        waits(new ThreadRef(3, "platform", false, 3), 9, 1);

        VirtualWindow found = session.virtual(range(0, 2));

        assertThat(found.alive()).isEqualTo(10_003);
        assertThat(found.waits()).singleElement().satisfies(row -> {
            assertThat(row.threads()).isEqualTo(10_001);
            assertThat(row.longest()).isEqualTo(Duration.ofSeconds(5));
        });
    }

    @Test
    void othersAreToldByWhatTheyDoAndWhere() {
        for (int i = 0; i < 3; i++) {
            seen("java.lang.Thread.sleep", "com.acme.Retry.pause");
        }
        seen("sun.nio.ch.NioSocketImpl.park", "com.acme.Client.read");

        assertThat(session.virtual(range(0, 2)).places())
                .extracting(
                        VirtualWindow.Place::doing,
                        place -> place.stack().own().orElseThrow().method(),
                        VirtualWindow.Place::samples)
                .containsExactly(Tuple.tuple(Doing.SLEEPS, "pause", 3), Tuple.tuple(Doing.READS_SOCKET, "read", 1));
        assertThat(session.virtual(range(0, 2)).sampled()).isEqualTo(4);
    }

    private static ThreadRef thread(long id) {
        return new ThreadRef(id, "", true, -1);
    }

    private void waits(ThreadRef thread, int seconds, int weight) {
        session.accept(new Fact.WaitingNow(
                at(1),
                7,
                thread,
                thread.id(),
                WaitKind.SEMAPHORE,
                PERMITS,
                null,
                Duration.ofSeconds(seconds),
                false,
                weight,
                -1));
    }

    private void seen(String... methods) {
        List<Frame> frames = List.of(methods).stream()
                .map(method -> new Frame(
                        method.substring(0, method.lastIndexOf('.')),
                        method.substring(method.lastIndexOf('.') + 1),
                        "()V",
                        "File.java",
                        1,
                        0))
                .toList();
        session.accept(new Fact.VirtualSeen(at(1), thread(9), "TIMED_WAITING", new Stack(frames)));
    }
}
