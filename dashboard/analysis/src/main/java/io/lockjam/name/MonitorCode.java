// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Tells from the code whether a thread can hold a monitor where it stands: a method that enters one leaves it before it returns. */
public final class MonitorCode {
    /** JFR cuts off what is below. */
    private static final int DEEPEST = 64;

    private final Code code;
    private final Answers<Stack, Boolean> answers = Answers.toInterned(5_000);

    public MonitorCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether some method on the stack is synchronized or stands in a synchronized block; true as well where the code is not known. Thread-safe. */
    public synchronized boolean mayHold(Stack stack) {
        return answers.of(
                stack,
                asked -> asked.frames().size() >= DEEPEST
                        || asked.frames().stream().limit(1).anyMatch(this::mayHoldAtTop)
                        || asked.frames().stream().skip(1).anyMatch(this::mayHold));
    }

    /** At its first instruction a synchronized method waits for its monitor. */
    private boolean mayHoldAtTop(Frame frame) {
        Code.Parsed type = frame.bytecodeIndex() == 0 ? code.parsed(frame.className()) : null;
        List<MethodNode> methods = type == null ? List.of() : type.methods(frame.method(), frame.descriptor());
        boolean enters = !methods.isEmpty()
                && methods.stream().allMatch(method -> (method.access & Opcodes.ACC_SYNCHRONIZED) != 0);
        return !enters && mayHold(frame);
    }

    /**
     * Whether a method may call the next one on the stack in a synchronized block, or is synchronized; false where the code is not known. Thread-safe.
     *
     * <p>Its line does not count: that of a method which runs in the code from before its class was rewritten is read from the new one.
     */
    public synchronized boolean holds(Stack stack, int index) {
        Frame frame = stack.frames().get(index);
        Code.Parsed type = index == 0 ? null : code.parsed(frame.className());
        String callee = index == 0 ? "" : stack.frames().get(index - 1).method();
        for (MethodNode method :
                type == null ? List.<MethodNode>of() : type.methods(frame.method(), frame.descriptor())) {
            for (AbstractInsnNode each : method.instructions) {
                if (each instanceof MethodInsnNode call && call.name.equals(callee) && isInside(method, each)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isInside(MethodNode method, AbstractInsnNode at) {
        return (method.access & Opcodes.ACC_SYNCHRONIZED) != 0
                || method.tryCatchBlocks.stream().anyMatch(block -> leaves(block.handler) && covers(method, block, at));
    }

    private boolean mayHold(Frame frame) {
        Code.Parsed type = code.parsed(frame.className());
        if (type == null) {
            return !frame.isJdk(); // what the JDK spins has no class file, and enters none
        }
        List<MethodNode> methods = type.methods(frame.method(), frame.descriptor()).stream()
                .filter(method -> method.instructions.size() == 0
                        || !Code.at(type, method, frame).isEmpty())
                .toList();
        return methods.isEmpty() || methods.stream().anyMatch(method -> mayHold(type, method, frame));
    }

    private static boolean mayHold(Code.Parsed type, MethodNode method, Frame frame) {
        if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
            return true;
        }
        List<TryCatchBlockNode> blocks = method.tryCatchBlocks.stream()
                .filter(block -> leaves(block.handler))
                .toList();
        return blocks.isEmpty()
                ? has(method, Opcodes.MONITORENTER)
                : Code.at(type, method, frame).stream()
                        .anyMatch(at -> blocks.stream().anyMatch(block -> covers(method, block, at)));
    }

    /** Compilers leave a monitor in a handler of whatever is thrown in its block. */
    private static boolean leaves(AbstractInsnNode handler) {
        AbstractInsnNode each = handler;
        while (each != null && each.getOpcode() != Opcodes.ATHROW && each.getOpcode() != Opcodes.GOTO) {
            if (each.getOpcode() == Opcodes.MONITOREXIT) {
                return true;
            }
            each = each.getNext();
        }
        return false;
    }

    private static boolean covers(MethodNode method, TryCatchBlockNode block, AbstractInsnNode at) {
        int index = method.instructions.indexOf(at);
        return index >= method.instructions.indexOf(block.start) && index < method.instructions.indexOf(block.end);
    }

    private static boolean has(MethodNode method, int opcode) {
        for (AbstractInsnNode each : method.instructions) {
            if (each.getOpcode() == opcode) {
                return true;
            }
        }
        return false;
    }
}
