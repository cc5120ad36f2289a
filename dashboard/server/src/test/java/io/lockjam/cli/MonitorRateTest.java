// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MonitorRateTest {
    private static final int LIMIT = 1_000;

    private final MonitorRate rate = new MonitorRate(LIMIT);

    @Test
    void noticesTooManyInTwoSecondsRunningAndOnlyOnce() {
        assertThat(second(1, LIMIT + 1)).isZero();
        assertThat(second(2, LIMIT + 1)).isZero();
        assertThat(second(3, 100)).isEqualTo(1);
        assertThat(second(4, 100)).isZero();
    }

    @Test
    void aSingleBusySecondIsNotEnough() {
        assertThat(second(1, LIMIT + 1) + second(2, 100) + second(3, LIMIT + 1) + second(4, 1))
                .isZero();
    }

    private int second(long second, int waits) {
        int alarms = 0;
        for (int i = 0; i < waits; i++) {
            alarms += rate.tooMany(waitEnded(second)) ? 1 : 0;
        }
        return alarms;
    }

    private static Fact waitEnded(long second) {
        ThreadRef waiter = new ThreadRef(1, "worker", false, 1);
        LockRef lock = new LockRef("com.acme.Cache", "1");
        Duration waited = Duration.ofMillis(1);
        return new Fact.WaitEnded(
                Instant.ofEpochSecond(second),
                waited,
                WaitKind.MONITOR,
                lock,
                waiter,
                null,
                null,
                Stack.EMPTY,
                1,
                true,
                true);
    }
}
