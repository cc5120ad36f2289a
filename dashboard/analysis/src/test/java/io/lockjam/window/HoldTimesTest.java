// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.waited;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Histogram;
import org.junit.jupiter.api.Test;

class HoldTimesTest {
    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    private Histogram holds() {
        return session.holds(range(0, 10), session.locks(range(0, 10)).get(0).id());
    }

    @Test
    void aHoldRunsFromOneGrantToTheNext() {
        session.accept(waited(1.0, 900, "aaa", 1, 9));
        session.accept(waited(1.4, 1_300, "aaa", 2, 1)); // waited when thread 1 was granted it, and got it from that

        assertThat(holds().count()).isEqualTo(1);
        assertThat(holds().count(Histogram.bucketOf(400_000_000))).isEqualTo(1);
    }

    @Test
    void whoTookTheLockInBetweenIsNotKnown() {
        session.accept(waited(1.0, 900, "aaa", 1, 9));
        session.accept(waited(1.4, 1_300, "aaa", 2, 7)); // from another thread
        session.accept(waited(3.0, 100, "aaa", 3, 2)); // asked long after thread 2 was granted it

        assertThat(holds().count()).isZero();
    }

    @Test
    void twoObjectsOfOneRowAreTwoLocks() {
        session.accept(waited(1.0, 900, "aaa", 1, 9));
        session.accept(waited(1.4, 1_300, "bbb", 2, 1));

        assertThat(holds().count()).isZero();
    }
}
