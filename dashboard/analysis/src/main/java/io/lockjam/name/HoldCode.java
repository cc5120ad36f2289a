// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Tells from the code whether a thread can still have a lock of {@code java.util.concurrent.locks} where it stands. */
public final class HoldCode {
    private static final Set<String> TAKES = Set.of("lock", "lockInterruptibly", "tryLock");

    private final Code code;
    private final Answers<Frame, Boolean> leaving = new Answers<>(5_000);
    private final Answers<Method, Boolean> taking = new Answers<>(5_000);

    private record Method(String className, String name) {}

    public HoldCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Whether a thread that waited for the lock at a frame when it last had to may have it where it stands now. It may not if the method of that
     * frame always gives it back and has returned, and no method that the thread is in takes a lock. Thread-safe.
     */
    public synchronized boolean mayHold(Stack stack, Frame taken) {
        return stack.isIn(taken)
                || !leaving.of(taken, this::givesBack)
                || stack.frames().stream()
                        .anyMatch(each -> taking.of(new Method(each.className(), each.method()), this::takes));
    }

    /** Whether nothing but an exception leads from where the frame takes a lock out of its method, unless the lock is given back. */
    private boolean givesBack(Frame taken) {
        Code.Parsed type = code.parsed(taken.className());
        if (type == null) {
            return false;
        }
        List<MethodNode> methods = type.methods(taken.method(), taken.descriptor()).stream()
                .filter(method -> !Code.at(type, method, taken, HoldCode::takes).isEmpty())
                .toList();
        return methods.size() == 1 && givesBack(type, methods.get(0), taken);
    }

    private static boolean givesBack(Code.Parsed type, MethodNode method, Frame taken) {
        Flow flow = new Flow(method);
        return Code.at(type, method, taken, HoldCode::takes).stream().allMatch(take -> {
            BitSet after = flow.onward(
                    method.instructions.indexOf(take), at -> gives(method.instructions.get(at)), (from, to) -> false);
            return after.stream().noneMatch(at -> isReturn(method.instructions.get(at)));
        });
    }

    private boolean takes(Method method) {
        Code.Parsed type = code.parsed(method.className());
        if (type == null) {
            return false;
        }
        for (MethodNode each : type.methods(method.name(), null)) {
            for (AbstractInsnNode instruction : each.instructions) {
                if (takes(instruction)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean takes(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && isOfLock(call) && TAKES.contains(call.name);
    }

    private static boolean gives(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && isOfLock(call) && call.name.equals("unlock");
    }

    private static boolean isOfLock(MethodInsnNode call) {
        return call.owner.startsWith("java/util/concurrent/locks/");
    }

    private static boolean isReturn(AbstractInsnNode instruction) {
        return instruction.getOpcode() >= Opcodes.IRETURN && instruction.getOpcode() <= Opcodes.RETURN;
    }
}
