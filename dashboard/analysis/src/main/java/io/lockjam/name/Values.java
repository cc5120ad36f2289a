// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceValue;

/** The operands of each instruction of a method, with the instructions that made them. */
final class Values {
    private final MethodNode method;
    private final @Nullable Frame<SourceValue>[] frames;

    private Values(MethodNode method, @Nullable Frame<SourceValue>[] frames) {
        this.method = method;
        this.frames = frames;
    }

    /** Null if the method is too long or its code is not valid. */
    static @Nullable Values of(Code.Parsed type, MethodNode method) {
        if (method.instructions.size() > Code.LONGEST_METHOD) {
            return null;
        }
        try {
            return new Values(method, new Analyzer<>(new Origins()).analyze(type.node().name, method));
        } catch (AnalyzerException | RuntimeException damaged) {
            return null;
        }
    }

    /**
     * One operand; null if there is none, or the instruction is never reached.
     *
     * @param below how many lie above it on the operand stack
     */
    @Nullable
    SourceValue operand(AbstractInsnNode instruction, int below) {
        int at = method.instructions.indexOf(instruction);
        Frame<SourceValue> frame = at < 0 || at >= frames.length ? null : frames[at];
        return frame == null || below < 0 || frame.getStackSize() <= below
                ? null
                : frame.getStack(frame.getStackSize() - 1 - below);
    }

    boolean holds(AbstractInsnNode instruction, int below, Predicate<AbstractInsnNode> source) {
        SourceValue operand = operand(instruction, below);
        return operand != null && operand.insns.stream().anyMatch(source);
    }
}
