// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** To what the waits of a thread belong that are too short to be told singly. Times are shares of a hundred. */
final class ThreadSumTest {
    private final ThreadSum sum = new ThreadSum();

    @Test
    void shortWaitsForALockAreTold() {
        sum.add(Account.Part.ON_CORE, 40);
        sum.rest(Account.Part.LOCK, 36); // seconds in which the snapshot found it waiting
        sum.rest(null, 24); // and in which it found it running

        assertThat(sum.account().nanos(Account.Part.LOCK)).isEqualTo(60);
    }

    @Test
    void aSelectorThatSometimesWaitsForALockIsNotHeldUp() {
        sum.add(Account.Part.ON_CORE, 10);
        sum.add(Account.Part.LOCK, 11);
        sum.rest(Account.Part.LOCK, 8);
        sum.rest(null, 71);
        sum.seen(Account.Part.IDLE, 2);

        assertThat(sum.account().nanos(Account.Part.LOCK)).isEqualTo(19);
        assertThat(sum.account().nanos(Account.Part.IDLE)).isEqualTo(71);
    }

    @Test
    void readsThatGoOnAreIo() {
        sum.add(Account.Part.ON_CORE, 10);
        sum.add(Account.Part.IO, 30);
        sum.rest(null, 60);

        assertThat(sum.account().nanos(Account.Part.IO)).isEqualTo(90);
    }

    @Test
    void whatNothingExplainsIsUnknown() {
        sum.add(Account.Part.ON_CORE, 10);
        sum.add(Account.Part.QUEUE, 5);
        sum.rest(null, 85);

        assertThat(sum.account().nanos(Account.Part.UNKNOWN)).isEqualTo(85);
    }
}
