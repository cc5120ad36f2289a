// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void listsReadLikeSentences() {
        assertThat(Words.list(List.of("a"))).isEqualTo("a");
        assertThat(Words.list(List.of("a", "b"))).isEqualTo("a and b");
        assertThat(Words.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
        assertThat(Words.list(List.of("a", "b", "c", "d", "e"))).isEqualTo("a, b, c and 2 more");
        assertThat(Words.either(List.of("a", "b"))).isEqualTo("a or b");
    }

    @Test
    void twoNamesAreBothToldWithoutTheirPackages() {
        assertThat(Words.simple("com.acme.Till.open or com.acme.Shop.open")).isEqualTo("Till.open or Shop.open");
    }

    @Test
    void aLambdaIsCalledByTheMethodItIsWrittenIn() {
        assertThat(Words.place(new Frame("com.acme.Till", "lambda$open$3", null, "Till.java", 7, -1)))
                .isEqualTo("Till.open(Till.java:7)");
        assertThat(Words.place(new Frame("com.acme.Till", "lambda$open$3", null, null, -1, -1)))
                .isEqualTo("Till.open");
        assertThat(Words.place(new Frame("com.acme.Till", "lambda$static$0", null, "Till.java", 7, -1)))
                .isEqualTo("Till.<clinit>(Till.java:7)");
        assertThat(Words.place(new Frame("com.acme.Till", "lambda$new$1", null, "Till.java", 7, -1)))
                .isEqualTo("Till.<init>(Till.java:7)");
        assertThat(Words.place(new Frame("com.acme.Till", "open$lambda$2$lambda$1", null, "Till.kt", 7, -1)))
                .isEqualTo("Till.open(Till.kt:7)");
        assertThat(Words.place(new Frame("com.acme.Till", "open$lambda$2", null, null, -1, -1)))
                .isEqualTo("Till.open");
    }
}
