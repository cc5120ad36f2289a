// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

    private static final class NeverLoaded {}

    /** Of which one method, that is never called, speaks of a class that is not loaded. */
    @SuppressWarnings("unused") // it is enough that it is there
    private static final class Speaking {
        private final String name;

        Speaking(String name) {
            this.name = name;
        }

        @Nullable
        NeverLoaded speaksOf(NeverLoaded other) {
            return null;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Speaking speaking && speaking.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    /** Defines the classes of this test anew and notes what it is asked for. */
    private static final class Noting extends ClassLoader {
        private final List<String> asked = new ArrayList<>();

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return name.startsWith(KeysTest.class.getName()) ? define(name) : super.loadClass(name, resolve);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = "/" + name.replace('.', '/') + ".class";
            try (InputStream in = KeysTest.class.getResourceAsStream(file)) {
                byte[] bytes = Objects.requireNonNull(in).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
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
    void classesThatMethodsSpeakOfAreNotLoaded() throws ReflectiveOperationException {
        Noting loader = new Noting();
        Constructor<?> made = loader.loadClass(Speaking.class.getName()).getDeclaredConstructor(String.class);
        made.setAccessible(true);

        assertThat(same(made.newInstance("a"), made.newInstance(new String("a"))))
                .isTrue();
        assertThat(loader.asked).contains(Speaking.class.getName()).doesNotContain(NeverLoaded.class.getName());
    }

    @Test
    void whatIsBehindARecordMayBeAnythingAndIsNotAsked() {
        assertThat(same(new Holding(new Object()), new Holding(new Object()))).isFalse();
        assertThat(same(new Holding(new Named("a")), new Holding(new Named("a"))))
                .isTrue();
    }
}
