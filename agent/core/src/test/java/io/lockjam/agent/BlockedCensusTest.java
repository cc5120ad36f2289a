// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockedCensusTest {
    @Test
    void aThreadThatFindsTheMonitorTakenAgainHasNotWaitedTwice() {
        boolean woken = BlockedCensus.waits(Thread.State.BLOCKED, true, Thread.State.RUNNABLE, true);

        assertThat(woken).isTrue();
        assertThat(BlockedCensus.waits(Thread.State.BLOCKED, woken, Thread.State.BLOCKED, false))
                .isTrue();
    }

    @Test
    void aWaitEndsWhenTheThreadGoesOn() {
        assertThat(BlockedCensus.waits(Thread.State.BLOCKED, true, Thread.State.RUNNABLE, false))
                .isFalse();
        assertThat(BlockedCensus.waits(Thread.State.BLOCKED, true, Thread.State.TIMED_WAITING, false))
                .isFalse();
    }

    @Test
    void aNewWaitHasNotBegunWhileTheThreadIsOnItsWayOut() {
        assertThat(BlockedCensus.waits(Thread.State.BLOCKED, false, Thread.State.RUNNABLE, true))
                .isFalse();
    }

    @Test
    void aNotifiedThreadIsDone() {
        assertThat(BlockedCensus.waits(Thread.State.WAITING, true, Thread.State.RUNNABLE, true))
                .isFalse();
    }
}
