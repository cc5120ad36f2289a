// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.pool;
import static io.lockjam.window.Given.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Sums leave the target about once a second, so two may fall into one second of the clock. */
class FlushesTest {
    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void twoSumsOfAPoolInOneSecondAreBothCounted() {
        session.accept(pool("worker-#", 1.02, 100, 3));
        session.accept(pool("worker-#", 1.98, 40, 5));

        assertThat(session.pools(range(1, 2))).singleElement().satisfies(pool -> {
            assertThat(pool.arrivals()).isEqualTo(140);
            assertThat(pool.busies()).containsExactly(5);
            assertThat(pool.busyMean()).isEqualTo(4);
        });
        assertThat(session.busiest("9001")).isEqualTo(5);
    }

    @Test
    void aSecondInWhichNoSumOfABusyPoolEndsIsNotIdle() {
        session.accept(pool("worker-#", 1.98, 40, 5));
        session.accept(pool("worker-#", 3.01, 40, 4));

        assertThat(session.pools(range(1, 4)))
                .singleElement()
                .satisfies(pool -> assertThat(pool.busies()).containsExactly(5, 5, 4));
    }

    @Test
    void aSecondOfWhichNothingIsToldIs() {
        session.accept(pool("worker-#", 1.5, 40, 5));
        session.accept(pool("worker-#", 3.5, 40, 4));

        assertThat(session.pools(range(1, 4)))
                .singleElement()
                .satisfies(pool -> assertThat(pool.busies()).containsExactly(5, 0, 4));
    }

    @Test
    void twoSumsOfAQueueInOneSecondAreBothCounted() {
        session.accept(queue(1.02, 7));
        session.accept(queue(1.98, 4));

        assertThat(session.queues(range(1, 2))).singleElement().satisfies(queue -> {
            assertThat(queue.putWaits()).isEqualTo(11);
            assertThat(queue.depths()).containsExactly(4);
        });
    }

    private static Fact queue(double second, int puts) {
        return new Fact.QueueTotals(
                at(second),
                Duration.ofMillis(960),
                new LockRef("java.util.concurrent.LinkedBlockingQueue", "42"),
                100,
                puts,
                puts,
                Duration.ofMillis(puts),
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Histogram.EMPTY,
                Duration.ZERO,
                null);
    }
}
