// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.waited;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The system's clock is set while we look: what is kept goes on by the new time and no figure mixes both. */
class ClockStepTest {
    private static final int HOUR = 3_600;
    private static final int WAITS = 200;

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void anHourForward() {
        waits(0);
        waits(HOUR);

        assertThat(session.latest()).contains(at(HOUR + 20));
        assertThat(session.kept().length()).isLessThan(Duration.ofSeconds(22));
        assertThat(session.locks(session.kept()))
                .singleElement()
                .satisfies(lock -> assertThat(lock.contentions()).isEqualTo(WAITS));
    }

    @Test
    void anHourBack() {
        waits(HOUR);
        waits(0);

        assertThat(session.latest()).contains(at(20));
        long lost = session.gaps(session.kept()).get(0).events();
        assertThat(session.cost(session.kept()).droppedEvents()).isEqualTo(lost).isPositive();
        assertThat(session.locks(session.kept()))
                .singleElement()
                .satisfies(lock -> assertThat(lock.contentions()).isEqualTo(WAITS - lost));
    }

    @Test
    void aNameToldByAnotherClockMovesNothing() {
        waits(0);
        session.accept(new Fact.Named(at(HOUR), "com.acme.Cache.put()V:42", "com.acme.Cache.lock"));

        assertThat(session.latest()).contains(at(20));
        assertThat(session.locks(session.kept())).hasSize(1);
    }

    /** Ten a second for 20 seconds, the last one at the end. */
    private void waits(int from) {
        for (int i = 1; i <= WAITS; i++) {
            session.accept(waited(from + i / 10.0, 5, "aaa", 1, 2));
        }
    }
}
