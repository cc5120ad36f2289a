// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Tells from the code whether an exception leaves a permit taken: the method that acquires it releases it on every way to its return, but what it
 * calls in between may throw, and nobody catches that to release it.
 */
public final class LeftPermit {
    private final Code code;
    private final Answers<Frame, Optional<Frame>> answers = new Answers<>(2_000);

    public LeftPermit(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** The line at which a thread waits for a permit that such a method does not release for certain; empty if it does, or hands it on. Thread-safe. */
    public synchronized Optional<Frame> at(Stack waiter) {
        return waiter.frames().stream()
                .filter(frame -> !frame.isJdk())
                .findFirst()
                .flatMap(frame -> answers.of(frame, this::find));
    }

    private Optional<Frame> find(Frame frame) {
        Code.Parsed type = code.parsed(frame.className());
        List<MethodNode> methods = type == null ? List.of() : type.methods(frame.method(), frame.descriptor());
        if (type == null || methods.size() != 1) {
            return Optional.empty();
        }
        MethodNode method = methods.get(0);
        List<AbstractInsnNode> takes = Code.at(
                type,
                method,
                frame,
                each -> each instanceof MethodInsnNode call && Giving.takes(call, WaitKind.SEMAPHORE));
        return takes.size() == 1 && method.instructions.size() <= Code.LONGEST_METHOD && leaves(method, takes.get(0))
                ? Optional.of(frame)
                : Optional.empty();
    }

    private static boolean leaves(MethodNode method, AbstractInsnNode take) {
        BitSet gives = new BitSet();
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && Giving.ends(call) == WaitKind.SEMAPHORE) {
                gives.set(method.instructions.indexOf(each));
            }
        }
        Flow flow = new Flow(method);
        BitSet taken = flow.onward(method.instructions.indexOf(take), gives::get, (from, to) -> false);
        boolean handedOn = taken.stream().anyMatch(at -> isReturn(method.instructions.get(at)));
        return !gives.isEmpty()
                && !handedOn
                && taken.stream()
                        .filter(at -> mayThrow(method.instructions.get(at)))
                        .anyMatch(at -> handlers(method, at).stream()
                                .noneMatch(handler -> flow.onward(handler, to -> false, (from, to) -> false)
                                        .intersects(gives)));
    }

    private static List<Integer> handlers(MethodNode method, int at) {
        List<Integer> handlers = new ArrayList<>();
        for (TryCatchBlockNode each : method.tryCatchBlocks) {
            if (method.instructions.indexOf(each.start) <= at && at < method.instructions.indexOf(each.end)) {
                handlers.add(method.instructions.indexOf(each.handler));
            }
        }
        return handlers;
    }

    /** Calls of code that has a reason to: not of texts, numbers and clocks. */
    private static boolean mayThrow(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call
                && !call.owner.startsWith("java/lang/")
                && !Giving.takes(call, WaitKind.SEMAPHORE);
    }

    private static boolean isReturn(AbstractInsnNode instruction) {
        return instruction.getOpcode() >= Opcodes.IRETURN && instruction.getOpcode() <= Opcodes.RETURN;
    }
}
