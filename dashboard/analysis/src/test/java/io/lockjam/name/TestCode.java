// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The compiled classes of these tests, for what looks into code. */
final class TestCode {
    private static final Code CODE = new Code(LookLoopTest::bytes);

    private TestCode() {}

    /** The class files of the tests, with these classes beside each other. */
    static ClassBytes beside(List<String> all) {
        return new ClassBytes() {
            @Override
            public byte @Nullable [] of(String className) {
                return LookLoopTest.bytes(className);
            }

            @Override
            public List<String> beside(String className, String prefix) {
                assertThat(className).startsWith(prefix);
                return all;
            }
        };
    }

    /** Where a method first calls another. */
    static int line(String type, String name, String callee) {
        int line = 0;
        for (MethodNode method : Objects.requireNonNull(CODE.parsed(type)).methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                if (each instanceof MethodInsnNode call && call.name.equals(callee)) {
                    return line;
                }
            }
        }
        throw new AssertionError(name + " has no call of " + callee);
    }
}
