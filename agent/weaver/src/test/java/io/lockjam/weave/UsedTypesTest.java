// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsedTypesTest {
    private static class Base {
        void parse() {}
    }

    private static final class Parser extends Base {}

    private static final class Cell {}

    private static final class Tools {
        static void help() {}
    }

    private static final class Passed {}

    @SuppressWarnings("unused")
    private static final class Service {
        private final Cell[][] cells = {};
        private final List<Passed> passed = new ArrayList<>();

        void serve(Parser parser, Passed unused) {
            parser.parse();
            Tools.help();
            this.ends();
        }

        private void ends() {}
    }

    private static byte @Nullable [] file(String internalName) {
        try (InputStream in = UsedTypesTest.class.getResourceAsStream("/" + internalName + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static String name(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    @Test
    void areThoseOfFieldsAndOfObjectsThatAreCalledWithTheirSuperclasses() {
        byte[] service = Objects.requireNonNull(file(name(Service.class)));

        assertThat(UsedTypes.of(service, UsedTypesTest::file))
                .containsExactlyInAnyOrder(name(Cell.class), name(Parser.class), name(Base.class));
    }

    @Test
    void whatHasNoClassFileIsLeftOut() {
        byte[] service = Objects.requireNonNull(file(name(Service.class)));

        assertThat(UsedTypes.of(service, none -> null)).isEmpty();
    }
}
