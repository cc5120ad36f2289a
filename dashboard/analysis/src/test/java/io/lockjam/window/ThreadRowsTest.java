// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.states;
import static io.lockjam.window.Given.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadRowsTest {
    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    /** The thread slept, reads, and sleeps again; of its second sleep no event has come yet. */
    @Test
    void aThreadIsAtTheLastPlaceWhereItWasSeenInItsState() {
        session.accept(activity(1.3, Fact.ActivityKind.SLEEP, "java.lang.Thread", "sleep"));
        session.accept(activity(1.6, Fact.ActivityKind.SOCKET_READ, "sun.nio.ch.NioSocketImpl", "read"));
        session.accept(states(1.9, Map.of(1L, 'S')));
        session.accept(states(2.9, Map.of(1L, 'S')));

        assertThat(session.threads(range(1, 3)).get(0).site())
                .hasValueSatisfying(frame -> assertThat(frame.line()).isEqualTo(13));
    }

    private static Fact activity(double end, Fact.ActivityKind kind, String type, String method) {
        Frame jdk = new Frame(type, method, "()V", "Jdk.java", 1, 1);
        Frame own = new Frame("com.acme.Loop", "run", "()V", "Loop.java", (int) Math.round(end * 10), 1);
        return new Fact.Activity(at(end), Duration.ofMillis(200), thread(1), kind, new Stack(List.of(jdk, own)), null);
    }
}
