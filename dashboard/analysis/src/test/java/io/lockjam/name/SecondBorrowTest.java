// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Who has a connection while it asks for another one. */
class SecondBorrowTest {
    private static final String TYPE = Shop.class.getName();
    private final Code code = new Code(LookLoopTest::bytes);

    /** The stack of the last call of a method, made by others by way of {@code through}. */
    private boolean keepsOne(String... methods) {
        List<Frame> frames = new ArrayList<>();
        frames.add(new Frame("org.lender.Pool", "getConnection", null, "Pool.java", 1, -1));
        String callee = "getConnection";
        for (String method : methods) {
            frames.add(new Frame(TYPE, method, null, "SecondBorrowTest.java", lastLine(method, callee), -1));
            callee = method;
        }
        return new SecondBorrow(LookLoopTest::bytes).first(new Stack(frames), 0).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "nested, true",
        "byHand, true",
        "oneAfterTheOther, false",
        "ofTwoSources, false",
        "maybe, false",
        "once, false"
    })
    void theSameMethodHasOne(String method, boolean keeps) {
        assertThat(keepsOne(method)).isEqualTo(keeps);
    }

    @Test
    void aCallerHasOne() {
        assertThat(keepsOne("once", "order")).isTrue();
        assertThat(keepsOne("once", "orderLater")).isFalse();
    }

    @Test
    void oneThatAMethodBetweenHandsOnIsKeptByTheCaller() {
        assertThat(keepsOne("open", "twoOpen")).isTrue();
        assertThat(keepsOne("open", "oneOpen")).isFalse();
    }

    @Test
    void theLineOfTheFirstIsTold() {
        List<Frame> frames = List.of(
                new Frame("org.lender.Pool", "getConnection", null, "Pool.java", 1, -1),
                new Frame(TYPE, "nested", null, "SecondBorrowTest.java", lastLine("nested", "getConnection"), -1));

        assertThat(new SecondBorrow(LookLoopTest::bytes).first(new Stack(frames), 0))
                .hasValueSatisfying(first ->
                        assertThat(first.line()).isEqualTo(frames.get(1).line() - 1));
    }

    private int lastLine(String name, String callee) {
        int line = 0;
        int found = 0;
        for (MethodNode method : Objects.requireNonNull(code.parsed(TYPE)).methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                found = each instanceof MethodInsnNode call && call.name.equals(callee) ? line : found;
            }
        }
        return found;
    }

    /** Code to read; never run. */
    abstract static class Shop {
        private final DataSource source;
        private final DataSource other;

        Shop(DataSource source, DataSource other) {
            this.source = source;
            this.other = other;
        }

        abstract void use(Connection connection);

        void nested() throws SQLException {
            try (Connection first = source.getConnection();
                    Connection second = source.getConnection()) {
                use(first);
                use(second);
            }
        }

        void byHand() throws SQLException {
            Connection first = source.getConnection();
            use(first);
            Connection second = source.getConnection();
            second.close();
            first.close();
        }

        void oneAfterTheOther() throws SQLException {
            Connection first = source.getConnection();
            first.close();
            Connection second = source.getConnection();
            second.close();
        }

        void ofTwoSources() throws SQLException {
            Connection first = other.getConnection();
            Connection second = source.getConnection();
            second.close();
            first.close();
        }

        void maybe(boolean both) throws SQLException {
            Connection first = both ? source.getConnection() : null;
            Connection second = source.getConnection();
            second.close();
            if (first != null) {
                first.close();
            }
        }

        void once() throws SQLException {
            try (Connection only = source.getConnection()) {
                use(only);
            }
        }

        void order() throws SQLException {
            try (Connection mine = source.getConnection()) {
                use(mine);
                once();
            }
        }

        void orderLater() throws SQLException {
            try (Connection mine = source.getConnection()) {
                use(mine);
            }
            once();
        }

        Connection open() throws SQLException {
            return source.getConnection();
        }

        void twoOpen() throws SQLException {
            try (Connection first = open()) {
                use(first);
                use(open());
            }
        }

        void oneOpen() throws SQLException {
            use(open());
        }
    }
}
