// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimiterTest {
    private static final long SECOND = 1_000_000_000L;

    private final Limiter limiter = new Limiter();
    private final LockStat stat = LockStat.shared(Kind.LOCK, null);

    @Test
    void takesEverythingThatFitsIntoTheBudgetAndNoMore() {
        limiter.budget(10);
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            stat.unsampled.set(1);
            taken += limiter.takes(stat, 1_000, 0) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(10);
    }

    @Test
    void leavesHalfOfTheBudgetToWaits() {
        limiter.budget(10);
        int spare = 0;
        for (int i = 0; i < 100; i++) {
            spare += limiter.takeSpare() ? 1 : 0;
        }
        assertThat(spare).isEqualTo(5);

        stat.unsampled.set(1);
        assertThat(limiter.takes(stat, 1_000, 0)).isTrue();
    }

    @Test
    void prefersLongWaitsAfterABusySecond() {
        limiter.budget(10);
        Sums last = new Sums();
        last.count = 1_000;
        last.buckets[Buckets.of(10_000)] = 996;
        last.buckets[Buckets.of(50_000_000)] = 4;
        limiter.refill(SECOND, last);

        stat.unsampled.set(1);
        stat.sampledAt = SECOND;

        assertThat(limiter.takes(stat, 10_000, SECOND)).isFalse();
        assertThat(limiter.takes(stat, 60_000_000, SECOND)).isTrue();
        assertThat(limiter.takes(stat, 10_000, 2 * SECOND))
                .as("not sampled for a second")
                .isTrue();
        stat.unsampled.set(1_000);
        assertThat(limiter.takes(stat, 10_000, SECOND)).as("stands for many").isTrue();
    }
}
