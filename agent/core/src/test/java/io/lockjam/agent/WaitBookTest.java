// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitBookTest {
    /** A worker was at its queue when it was looked at, and slept in a task when its stack was taken. */
    @Test
    void aSleepIsNotKeptForAWaitAtALock() {
        WaitBook.Entry entry = new WaitBook.Entry();
        entry.verdict(Verdict.SLEEP, 7, 1);
        assertThat(entry.verdict).isEqualTo(Verdict.UNKNOWN);

        entry.verdict(Verdict.SLEEP, 0, 1);
        assertThat(entry.verdict).isEqualTo(Verdict.SLEEP);
    }
}
