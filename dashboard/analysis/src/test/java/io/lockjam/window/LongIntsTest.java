// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongIntsTest {
    private final LongInts table = new LongInts();

    @Test
    void countsAsAMapDoes() {
        Map<Long, Integer> expected = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            long key = random.nextInt(1_000) - 500L;
            table.add(key, i);
            expected.merge(key, i, Integer::sum);
        }
        for (long key = -600; key < 600; key++) {
            assertThat(table.get(key)).isEqualTo(expected.getOrDefault(key, 0));
        }
    }

    @Test
    void putReplacesWhatWasAdded() {
        table.put(7, 8);
        assertThat(table.get(7)).isEqualTo(8);
        table.add(3, 10);
        table.put(3, 4);
        table.put(5, 6);
        assertThat(table.get(3)).isEqualTo(4);
        assertThat(table.get(5)).isEqualTo(6);
    }

    @Test
    void whatIsTooLargeIsHeldAtTheLimit() {
        table.add(1, Integer.MAX_VALUE);
        table.add(1, 1);
        table.add(2, Long.MIN_VALUE);
        assertThat(table.get(1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(table.get(2)).isEqualTo(Integer.MIN_VALUE);
    }
}
