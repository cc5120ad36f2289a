// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.LinkedHashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the lock of a condition where its class makes it: {@code Store.lock} for {@code Store.notFull}. */
final class ConditionLock {
    private ConditionLock() {}

    /** Whether a call waits for a condition: at its end it takes the lock of the condition back. */
    static boolean isTakenBackBy(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call
                && call.owner.equals("java/util/concurrent/locks/Condition")
                && call.name.startsWith("await");
    }

    /** @param condition by its name, as a field or as what a method has made */
    static Origin of(Code code, Origin condition) {
        if (!(condition instanceof Origin.Named named)) {
            return Origin.UNKNOWN;
        }
        if (named.name().startsWith(ValueTrail.CONDITION)) {
            return new Origin.Named(named.name().substring(ValueTrail.CONDITION.length()));
        }
        int dot = named.name().lastIndexOf('.');
        Code.Parsed type = dot < 0 ? null : code.parsed(named.name().substring(0, dot));
        Set<Origin> all = new LinkedHashSet<>();
        if (type != null) {
            for (MethodNode method : type.node().methods) {
                addStored(code, type, method, named.name().substring(dot + 1), all);
            }
        }
        return ValueTrail.merge(all) instanceof Origin.Named stored
                        && stored.name().startsWith(ValueTrail.CONDITION)
                        && !LockNamer.leavesOpen(stored.name())
                ? of(code, stored)
                : Origin.UNKNOWN;
    }

    private static void addStored(Code code, Code.Parsed type, MethodNode method, String field, Set<Origin> all) {
        ValueTrail trail = null;
        for (AbstractInsnNode each : method.instructions) {
            boolean puts = each.getOpcode() == Opcodes.PUTFIELD || each.getOpcode() == Opcodes.PUTSTATIC;
            if (puts && each instanceof FieldInsnNode put && put.name.equals(field)) {
                trail = trail == null ? ValueTrail.of(code, type, method) : trail;
                all.add(trail == null ? Origin.UNKNOWN : trail.operand(put, 0, 0));
            }
        }
    }
}
