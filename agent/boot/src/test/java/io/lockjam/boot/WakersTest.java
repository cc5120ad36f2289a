// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WakersTest {
    private final Thread waiter = new Thread(() -> {});

    @AfterEach
    void clear() {
        Wakers.clear();
    }

    @Test
    void whoWokeAThreadIsKnownOnce() {
        Wakers.wakes(waiter);

        assertThat(Wakers.of(waiter)).isSameAs(Thread.currentThread());
        assertThat(Wakers.of(waiter)).isNull();
    }

    @Test
    void whoCountsALatchDownEndsTheWaitAndWhoReadsDoesNot() {
        Object waitedFor = new Object();
        assertThat(new LockStat(waitedFor, 1, Kind.SHARED, Kind.LATCH, null).endedByWaker())
                .isTrue();
        assertThat(new LockStat(waitedFor, 2, Kind.SHARED, Kind.READ, null).endedByWaker())
                .isFalse();
    }

    @Test
    void nobodyIsHeldAfterAnInterval() {
        Wakers.wakes(waiter);
        Wakers.clear();

        assertThat(Wakers.of(waiter)).isNull();
    }

    @Test
    void threadsThatMeetInOneSlotAreNotMixedUp() {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            threads.add(new Thread(() -> {}));
        }
        Thread woken = threads.get(0);
        Wakers.wakes(woken);

        assertThat(threads.stream().skip(1))
                .allSatisfy(other -> assertThat(Wakers.of(other)).isNull());
        assertThat(Wakers.of(woken)).isNotNull();
    }
}
