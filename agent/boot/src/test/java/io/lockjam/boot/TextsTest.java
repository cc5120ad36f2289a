// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What keeps texts out of JFR's pool. */
final class TextsTest {
    private static final String LINE = "com.acme.Shop.sell(Shop.java:7)";
    private static final String STACK = (LINE + "\n").repeat(20).strip();

    @Test
    void uniqueTextsComeOnceInAChunk() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(Texts.unique(STACK));
        }

        assertThat(seen)
                .hasSize(1_000)
                .allSatisfy(text -> assertThat(text.stripTrailing()).isEqualTo(STACK));
        assertThat(Texts.unique(LINE)).isNotEqualTo(Texts.unique(LINE)).hasSizeLessThan(128);
        assertThat(Texts.unique("short")).isEqualTo("short");
    }
}
