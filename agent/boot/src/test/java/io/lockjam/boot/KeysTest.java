// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When two keys are known to be equal. */
final class KeysTest {
    private record Key(String user, int day) {}

    private record Nested(Key key, LocalDate at) {}

    private record Holding(Object value) {}

    private static final class Named {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("code of the application");
        }

        @Override
        public int hashCode() {
            return name.length();
        }
    }

    private record ByIdentity() {}

    private static final class Plain {
        private final String name = "a";

        String name() {
            return name;
        }
    }

    private static final class Changing {
        private String name = "a";

        void rename(String other) {
            name = other;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Changing changing && changing.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    @AfterEach
    void forget() {
        Keys.forget();
    }

    /** Classes are looked into one by one, as they are met. */
    private static boolean same(Object one, Object other) {
        for (int i = 0; i < 4; i++) {
            Keys.isSame(one, other);
            Keys.learn();
        }
        return Keys.isSame(one, other);
    }

    @Test
    void valuesOfTheJdkAreAsked() {
        assertThat(Keys.isSame(new String("a"), "a")).isTrue();
        assertThat(Keys.isSame(1_000L, 1_000)).isFalse();
        assertThat(Keys.isSame(new BigDecimal("1.50"), new BigDecimal("1.50"))).isTrue();
        assertThat(Keys.isSame(LocalDate.of(2020, 1, 2), LocalDate.of(2020, 1, 2)))
                .isTrue();
    }

    @Test
    void recordsAreEqualByTheirComponentsOnceTheirClassIsKnown() {
        assertThat(Keys.isSame(new Key("u", 1), new Key("u", 1)))
                .as("not looked into yet")
                .isFalse();
        assertThat(same(new Key("u", 1), new Key(new String("u"), 1))).isTrue();
        assertThat(same(new Key("u", 1), new Key("u", 2))).isFalse();
        assertThat(same(new Nested(new Key("u", 1), LocalDate.MIN), new Nested(new Key("u", 1), LocalDate.MIN)))
                .isTrue();
        assertThat(same(new ByIdentity(), new Key("u", 1))).isFalse();
    }

    @Test
    void otherClassesAreIfTheyCompareByFieldsThatStay() {
        assertThat(same(new Named("a"), new Named("a"))).isTrue();
        assertThat(same(new Named("a"), new Named("b"))).isFalse();
        assertThat(same(new Plain(), new Plain())).as(new Plain().name()).isFalse();
        Changing changed = new Changing();
        changed.rename("a");
        assertThat(same(new Changing(), changed)).isFalse();
    }

    @Test
    void whatIsBehindARecordMayBeAnythingAndIsNotAsked() {
        assertThat(same(new Holding(new Object()), new Holding(new Object()))).isFalse();
        assertThat(same(new Holding(new Named("a")), new Holding(new Named("a"))))
                .isTrue();
    }
}
