// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.thread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Virtual threads at a monitor, of which the agent tells the time that passed and the crowd that waits. */
class SampledWaitsTest {
    private static final LockRef LOCK = new LockRef("com.acme.Stock", "aaa");

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void theTimeOfThoseThatTakeTurnsCountsOnce() {
        tell(20);

        LockWindow lock = session.locks(range(0, 5)).get(0);
        assertThat(lock.waiting()).isEqualTo(10);
        assertThat(lock.waitingTotal()).isZero();
        assertThat(lock.lostPerSecond()).isCloseTo(8 / 5.0, within(1e-9));
    }

    @Test
    void whereNoneEndsTheCrowdHasWaitedForAllTheTime() {
        tell(0);

        LockWindow lock = session.locks(range(0, 5)).get(0);
        assertThat(lock.waitingTotal()).isEqualTo(Duration.ofSeconds(40));
    }

    private void tell(int ended) {
        session.accept(new Fact.LockTotals(
                at(3.9),
                Duration.ofSeconds(1),
                WaitKind.MONITOR,
                LOCK,
                ended,
                Duration.ofSeconds(8),
                Duration.ofSeconds(1),
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Duration.ZERO,
                10,
                true));
        session.accept(new Fact.WaitingNow(
                at(4), 1, thread(1), 0, WaitKind.MONITOR, LOCK, null, Duration.ofSeconds(4), false, 10));
    }
}
