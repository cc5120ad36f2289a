// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Follows values to the instructions that made them: copies and casts keep their source.
 *
 * <p>A parameter's source is a load instruction of its own that stands in no method: {@link #parameter}.
 */
final class Origins extends SourceInterpreter {
    Origins() {
        super(Opcodes.ASM9);
    }

    /** The local variable that a source stands for; -1 if it is a real instruction. */
    static int parameter(AbstractInsnNode source) {
        return source instanceof Entry entry ? entry.var : -1;
    }

    @Override
    public SourceValue newParameterValue(boolean instanceMethod, int local, Type type) {
        return new SourceValue(type.getSize(), new Entry(local));
    }

    @Override
    public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
        return new SourceValue(value.size, Set.copyOf(value.insns));
    }

    @Override
    public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
        return instruction.getOpcode() == Opcodes.CHECKCAST ? value : super.unaryOperation(instruction, value);
    }

    private static final class Entry extends VarInsnNode {
        Entry(int local) {
            super(Opcodes.ALOAD, local);
        }
    }
}
