// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReentryTest {
    private final Thread me = Thread.currentThread();

    @AfterEach
    void clear() {
        Reentry.clear();
    }

    @Test
    void aThreadThatNeverLeftIsLetOutAfterASecond() {
        assertThat(Reentry.enter(me)).isTrue();
        Reentry.free();
        assertThat(Reentry.inside(me)).isTrue();
        Reentry.free();
        assertThat(Reentry.inside(me)).isFalse();
    }

    @Test
    void oneThatComesAgainIsNoneOfThem() {
        Reentry.free();
        for (int second = 0; second < 3; second++) {
            assertThat(Reentry.enter(me)).isTrue();
            Reentry.leave(me);
            Reentry.free();
        }
        assertThat(Reentry.enter(me)).isTrue();
        Reentry.free();
        assertThat(Reentry.inside(me)).isTrue();
    }
}
