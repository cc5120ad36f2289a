// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http-exec-7 | http-exec-7",
                "poll token=abc&x=1 | poll token=***&x=1",
                "call Bearer abcdef123456 | call Bearer ***",
                "Authorization: Bearer abcdef123456 | Authorization: ***",
                "login password=hunter2 now | login password=*** now",
                "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end | jwt *** end",
                "jdbc:pg://bob:secret@db/x | jdbc:pg://***@db/x",
                "tokenizer-3 | tokenizer-3",
            })
    void takesSecretsOutAndLeavesNames(String name, String redacted) {
        assertThat(Redaction.of(name)).isEqualTo(redacted);
    }

    @Test
    void namesOfTheJdksEventsGoThroughIt() {
        Interner interner = new Interner();

        assertThat(interner.thread(false, 7, "login password=hunter2", 70, null).name())
                .isEqualTo("login password=***");
        assertThat(interner.thread(false, 0, null, 71, "GC\nThread").name()).isEqualTo("GC Thread");
    }

    @Test
    void cutsWhatIsTooLongAndHasNoLineBreaks() {
        assertThat(Redaction.of("x".repeat(5000))).hasSizeLessThan(300);
        assertThat(Redaction.of("a\nb")).isEqualTo("a b");
    }
}
