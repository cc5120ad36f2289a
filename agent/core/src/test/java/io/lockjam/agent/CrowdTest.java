// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** How the time of virtual threads in one state is shared out. */
final class CrowdTest {
    private static final long SECOND = 1_000_000_000;
    private static final Offset<Double> NANOSECOND = within(1.0);

    private final Crowd crowd = new Crowd();

    @Test
    void keepsTheTimeUntilOneWasAsked() {
        steady(4, 2);

        assertThat(shared()).isEmpty();

        crowd.asked(List.of(share(1, 4)), 4);
        assertThat(shared()).containsOnly(Map.entry(1L, 8.0 * SECOND));
        assertThat(shared()).containsOnly(Map.entry(1L, 0.0));
    }

    @Test
    void leavesOutTheSleepers() {
        steady(10, 1);

        crowd.asked(List.of(share(1, 2), share(2, 3)), 10);

        Map<Long, Double> shared = shared();
        assertThat(shared.get(1L)).isCloseTo(2.0 * SECOND, NANOSECOND);
        assertThat(shared.get(2L)).isCloseTo(3.0 * SECOND, NANOSECOND);
    }

    @Test
    void countsTheLastFewAnswers() {
        steady(4, 1);

        crowd.asked(List.of(share(1, 4)), 4);
        crowd.asked(List.of(share(2, 4)), 4);

        assertThat(shared()).containsOnly(Map.entry(1L, 2.0 * SECOND), Map.entry(2L, 2.0 * SECOND));
    }

    @Test
    void forgetsWhatIsNoLongerWaitedFor() {
        crowd.asked(List.of(share(1, 4)), 4);
        for (int i = 0; i < 10; i++) {
            crowd.asked(List.of(share(2, 4)), 4);
        }

        assertThat(crowd.waits()).containsExactly(new Crowd.Key(2, Thread.State.BLOCKED));
    }

    /** So many threads for so many seconds. */
    private void steady(int threads, int seconds) {
        crowd.time.counted(1, 0);
        for (int second = -1; second < seconds; second++) {
            for (int i = 0; i < threads; i++) {
                crowd.time.count();
            }
            crowd.time.counted(1, second < 0 ? 0 : SECOND);
        }
    }

    private Map<Long, Double> shared() {
        Map<Long, Double> shared = new HashMap<>();
        crowd.share((share, waited) -> shared.put(share.lockId(), waited));
        return shared;
    }

    private static Crowd.Share share(long lock, long threads) {
        return new Crowd.Share("monitor", Object.class, lock, Thread.State.BLOCKED, threads, 0);
    }
}
