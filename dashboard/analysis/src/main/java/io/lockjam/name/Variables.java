// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Names of local variables; where the compiler kept none, as without {@code -g}, the line at which their object is made. */
final class Variables {
    /** Between the class and the line of an object that a variable without a name has. */
    static final String OF_LINE = " of line ";

    private static final String IN = " in ";

    private Variables() {}

    /** That of the variable into which a new object or array is put; unknown if it is put into none. */
    static Origin of(MethodNode method, Values values, AbstractInsnNode made) {
        List<LocalVariableNode> known = method.localVariables == null ? List.of() : method.localVariables;
        for (AbstractInsnNode each : method.instructions) {
            if (each.getOpcode() == Opcodes.ASTORE && values.holds(each, 0, made::equals)) {
                int at = method.instructions.indexOf(each);
                return known.stream()
                        .filter(local -> local.index == ((VarInsnNode) each).var
                                && method.instructions.indexOf(local.start) <= at + 3
                                && method.instructions.indexOf(local.end) > at)
                        .findFirst()
                        .<Origin>map(local -> new Origin.Named(local.name + IN + method.name))
                        .orElseGet(() -> known.isEmpty() ? madeAt(method, made) : Origin.UNKNOWN);
            }
        }
        return Origin.UNKNOWN;
    }

    /** Unknown if the line makes two of the class. */
    private static Origin madeAt(MethodNode method, AbstractInsnNode made) {
        int line = line(made);
        if (line <= 0 || !(made instanceof TypeInsnNode fresh) || made.getOpcode() != Opcodes.NEW) {
            return Origin.UNKNOWN;
        }
        for (AbstractInsnNode each : method.instructions) {
            boolean another = each != made
                    && each.getOpcode() == Opcodes.NEW
                    && ((TypeInsnNode) each).desc.equals(fresh.desc)
                    && line(each) == line;
            if (another) {
                return Origin.UNKNOWN;
            }
        }
        String type = LockNamer.simple(fresh.desc.replace('/', '.'));
        return new Origin.Named(type + OF_LINE + line + IN + method.name);
    }

    private static int line(AbstractInsnNode instruction) {
        AbstractInsnNode each = instruction;
        while (each != null && !(each instanceof LineNumberNode)) {
            each = each.getPrevious();
        }
        return each instanceof LineNumberNode at ? at.line : 0;
    }
}
