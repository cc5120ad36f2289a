// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Initial;
import io.lockjam.model.Stack;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Finds the call that makes a latch, semaphore or barrier of a name, and the number it begins with. Thread-safe. */
public final class InitialCode {
    private static final Set<String> MADE = Set.of(
            "java/util/concurrent/CountDownLatch",
            "java/util/concurrent/Semaphore",
            "java/util/concurrent/CyclicBarrier",
            "java/util/concurrent/Phaser",
            "java/util/concurrent/Exchanger");
    private static final int MOST_ANSWERS = 1_000;

    private final Code code;
    private final Map<String, Initial> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Initial> eldest) {
            return size() > MOST_ANSWERS;
        }
    };

    public InitialCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** If the code makes it in several ways, the greatest number. */
    public synchronized Initial initial(Stack waiter, String name) {
        Initial known = answers.get(name);
        if (known == null) {
            known = Initial.UNKNOWN;
            for (Code.Parsed type : Nest.of(code, waiter, name)) {
                for (MethodNode method : type.node().methods) {
                    known = greater(known, made(type, method, name));
                }
            }
            answers.put(name, known);
        }
        return known;
    }

    private static Initial greater(Initial one, Initial other) {
        if (one == Initial.UNKNOWN || other == Initial.UNKNOWN) {
            return one == Initial.UNKNOWN ? other : one;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Initial made(Code.Parsed type, MethodNode method, String name) {
        Initial found = Initial.UNKNOWN;
        Values values = null;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && call.name.equals("<init>") && MADE.contains(call.owner)) {
                values = values == null ? Values.of(type, method) : values;
                int arguments = Type.getArgumentTypes(call.desc).length;
                AbstractInsnNode fresh = values == null ? null : only(values.operand(call, arguments));
                if (values != null && fresh != null && name.equals(nameOf(fresh, call, type, method))) {
                    found = greater(found, number(only(values.operand(call, arguments - 1))));
                }
            }
        }
        return found;
    }

    /** By the field or variable that it is put into at once. */
    private @Nullable String nameOf(AbstractInsnNode fresh, MethodInsnNode init, Code.Parsed type, MethodNode method) {
        if (init.getNext() instanceof FieldInsnNode field
                && (field.getOpcode() == Opcodes.PUTFIELD || field.getOpcode() == Opcodes.PUTSTATIC)) {
            return code.declaring(field.owner.replace('/', '.'), field.name) + "." + field.name;
        }
        ValueTrail trail = ValueTrail.of(code, type, method);
        return trail != null && trail.made(fresh) instanceof Origin.Named named ? named.name() : null;
    }

    private static @Nullable AbstractInsnNode only(@Nullable SourceValue value) {
        return value == null || value.insns.size() != 1
                ? null
                : value.insns.iterator().next();
    }

    private static Initial number(@Nullable AbstractInsnNode source) {
        int opcode = source == null ? -1 : source.getOpcode();
        int number = opcode >= Opcodes.ICONST_0 && opcode <= Opcodes.ICONST_5
                ? opcode - Opcodes.ICONST_0
                : opcode == Opcodes.BIPUSH && source instanceof IntInsnNode constant
                        ? constant.operand
                        : source instanceof LdcInsnNode large && large.cst instanceof Integer value
                                ? value
                                : Integer.MAX_VALUE;
        return number <= 0 ? Initial.NONE : number == 1 ? Initial.ONE : Initial.MORE;
    }
}
