// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkdownTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "held for ValueInteger[], by main.~held for `ValueInteger[]`, by main.",
                "http_exec_1 waits~`http_exec_1` waits",
                "classes com.acme.* only~classes `com.acme.*` only",
                "8 * 3 < 30 #~8 * 3 < 30 #",
                "a <img src=x> name~a `<img` src=x> name",
                "Cache.put(Cache.java:42)~Cache.put(Cache.java:42)",
                "two (http_exec_1, http_exec_2) of (http_exec_#).~two (`http_exec_1`, `http_exec_2`) of (`http_exec_#`).",
                "Row[].get(Row.java:42),~`Row[].get(Row.java:42)`,",
                "odd`name~``odd`name``",
                "` alone~`` ` `` alone",
            })
    void readsAsItIsWritten(String raw, String markdown) {
        assertThat(MarkdownText.of(raw)).isEqualTo(markdown);
    }

    @Test
    void aBarEndsNoCell() {
        assertThat(MarkdownText.cell("a|b")).isEqualTo("`a\\|b`");
    }
}
