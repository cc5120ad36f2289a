// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Stack;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Tells from the code of one file whether the tasks that its threads wait for are only handed to pools of the JDK. Thread-safe. */
public final class SubmittedCode {
    private static final int MOST_ANSWERS = 500;
    private static final Set<String> SUBMITS = Set.of("submit", "invokeAll", "invokeAny");

    private final Code code;
    private final Answers<Stack, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public SubmittedCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether the file of the innermost method hands in tasks, makes no FutureTask itself and does nothing with those that a pool gives back. */
    public synchronized boolean onlySubmits(Stack waiter) {
        return answers.of(waiter, unknown -> {
            List<Code.Parsed> nest = Nest.of(code, waiter, "");
            return nest.stream().anyMatch(type -> has(type, SubmittedCode::submits))
                    && nest.stream().noneMatch(type -> has(type, SubmittedCode::keeps));
        });
    }

    private static boolean has(Code.Parsed type, Predicate<AbstractInsnNode> wanted) {
        for (MethodNode method : type.node().methods) {
            for (AbstractInsnNode each : method.instructions) {
                if (wanted.test(each)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean submits(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call
                && SUBMITS.contains(call.name)
                && call.owner.startsWith("java/util/concurrent/");
    }

    private static boolean keeps(AbstractInsnNode instruction) {
        boolean makes = instruction instanceof TypeInsnNode made
                && made.getOpcode() == Opcodes.NEW
                && made.desc.equals("java/util/concurrent/FutureTask");
        boolean takesBack = instruction instanceof MethodInsnNode call
                && call.name.equals("shutdownNow")
                && call.getNext() != null
                && call.getNext().getOpcode() != Opcodes.POP;
        return makes || takesBack;
    }
}
