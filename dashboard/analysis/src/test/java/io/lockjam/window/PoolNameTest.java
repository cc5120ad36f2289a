// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PoolNameTest {
    @Test
    void aPoolWithoutANameIsCalledByItsClass() {
        assertThat(PoolRows.unnamed("java.util.concurrent.ForkJoinPool", "fork-join", "9001"))
                .isEqualTo("ForkJoinPool 9001");
    }

    @Test
    void aPoolWhoseClassWasNotRecordedIsCalledByItsType() {
        assertThat(PoolRows.unnamed("", "scheduled", "9001")).isEqualTo("scheduled pool 9001");
    }
}
