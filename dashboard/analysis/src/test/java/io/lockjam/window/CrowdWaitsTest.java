// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Virtual threads that wait for the same are told as one row, which says since when there always was one. */
class CrowdWaitsTest {
    private static final LockRef PERMITS = new LockRef("java.util.concurrent.Semaphore", "42");
    private static final ThreadRef FIRST = new ThreadRef(7, "", true, -1);

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void whoTakesTurnsHasNotWaitedLongerThanOthersDid() {
        session.accept(ended(9, 2));
        session.accept(crowd(9.5, 8, 100));

        LockWindow lock = session.locks(range(0, 10)).get(0);

        assertThat(lock.waiting()).isEqualTo(100);
        assertThat(lock.waitingTotal()).isEqualTo(Duration.ofSeconds(200));
    }

    @Test
    void whereNoWaitEndsAllWaitForAsLong() {
        session.accept(crowd(9.5, 8, 100));

        assertThat(session.locks(range(0, 10)).get(0).waitingTotal()).isEqualTo(Duration.ofSeconds(800));
    }

    @Test
    void theOthersStillWaitWhenTheOneTheyAreToldByGoesOn() {
        session.accept(crowd(9.5, 8, 100));
        session.accept(new Fact.WaitEnded(
                at(9.7),
                Duration.ofSeconds(2),
                WaitKind.SEMAPHORE,
                PERMITS,
                FIRST,
                null,
                null,
                Stack.EMPTY,
                0,
                false,
                false));

        assertThat(session.locks(range(0, 10)).get(0).waiting()).isEqualTo(100);
    }

    private static Fact crowd(double second, int seconds, int threads) {
        return new Fact.WaitingNow(
                at(second),
                7,
                FIRST,
                7,
                WaitKind.SEMAPHORE,
                PERMITS,
                null,
                Duration.ofSeconds(seconds),
                false,
                threads,
                -1);
    }

    private static Fact ended(double second, int seconds) {
        Duration waited = Duration.ofSeconds(seconds);
        return new Fact.LockTotals(
                at(second),
                Duration.ofSeconds(1),
                WaitKind.SEMAPHORE,
                PERMITS,
                1,
                waited,
                waited,
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false);
    }
}
