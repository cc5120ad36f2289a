// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StopTest {
    private final Stop stop = new Stop();

    @Test
    void theOnlyTargetsEndIsAReasonToStop() throws InterruptedException {
        stop.lost(Stop.Reason.TARGET_ENDED);

        assertThat(stop.await(null)).isEqualTo(Stop.Reason.TARGET_ENDED);
    }

    @Test
    void ofSeveralTargetsTheLastOnesEndIs() throws InterruptedException {
        stop.targets(2);
        stop.lost(Stop.Reason.TARGET_ENDED);
        assertThat(stop.requested()).isFalse();
        stop.lost(Stop.Reason.AGENT_LEFT);

        assertThat(stop.await(null)).isEqualTo(Stop.Reason.AGENT_LEFT);
    }

    @Test
    void anEndedTargetIsNoInterruption() throws InterruptedException {
        stop.lost(Stop.Reason.TARGET_ENDED);

        assertThat(stop.interruptedWithin(Duration.ZERO)).isFalse();
    }
}
