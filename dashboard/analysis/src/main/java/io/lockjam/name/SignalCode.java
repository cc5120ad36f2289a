// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Tells from the code how a thread waits for a signal, and how the method it waits in gives one. */
public final class SignalCode {
    private static final int MOST_ANSWERS = 5_000;

    private static final Set<String> WAKE_ONE = Set.of("notify", "signal");
    private static final int FIXED = Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL | Opcodes.ACC_STATIC;

    private final Code code;
    private final Answers<String, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public SignalCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Whether none of the application's methods on the stack stands in a loop: after this wait the thread neither looks again nor comes back for
     * more, as a worker does. False if a class cannot be read, and if it is a method of the JDK that waits, for a process or at a barrier: these
     * look again by themselves. Thread-safe.
     */
    public synchronized boolean waitsOnce(Stack stack) {
        List<Frame> own =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        boolean waitsItself = stack.frames().stream().takeWhile(Frame::isJdk).allMatch(SignalCode::onlyWaits);
        return waitsItself
                && !own.isEmpty()
                && own.stream().noneMatch(frame -> cached("loop", frame, SignalCode::inLoop, true));
    }

    /** A virtual thread parks in classes of its own. */
    static boolean onlyWaits(Frame frame) {
        return frame.className().equals("java.lang.Object")
                || frame.className().equals("java.lang.VirtualThread")
                || frame.className().startsWith("java.lang.System$")
                || frame.className().startsWith("jdk.internal.")
                || frame.isLock();
    }

    /** Whether the method also wakes one waiter: {@code notify}, or {@code signal}. Thread-safe. */
    public synchronized boolean wakesOne(Frame frame) {
        return cached("wakes", frame, SignalCode::wakesOne, false);
    }

    /** Whether some method of the class wakes all waiters: {@code notifyAll}, or {@code signalAll}. Thread-safe. */
    public synchronized boolean wakesAll(Frame frame) {
        return answers.of("all " + frame.className(), unknown -> {
            Code.Parsed type = code.parsed(frame.className());
            return type != null && type.node().methods.stream().anyMatch(SignalCode::wakesAll);
        });
    }

    private static boolean wakesAll(MethodNode method) {
        return calls(method, Set.of("notifyAll", "signalAll"));
    }

    @FunctionalInterface
    private interface Question {
        boolean of(Code.Parsed type, MethodNode method, Frame frame);
    }

    private boolean cached(String what, Frame frame, Question question, boolean unknown) {
        return answers.of(
                what + ' ' + LockNamer.site(frame, frame.bytecodeIndex() >= 0) + ':' + frame.line(),
                site -> ask(frame, question, unknown));
    }

    private boolean ask(Frame frame, Question question, boolean unknown) {
        Code.Parsed type = code.parsed(frame.className());
        if (type == null) {
            return unknown;
        }
        List<MethodNode> methods = type.methods(frame.method(), frame.descriptor()).stream()
                .filter(method -> !Code.at(type, method, frame).isEmpty())
                .toList();
        return methods.isEmpty() ? unknown : methods.stream().anyMatch(method -> question.of(type, method, frame));
    }

    /** Whether a jump back leads over the frame's instruction; where only its line is known, over any of the line. */
    private static boolean inLoop(Code.Parsed type, MethodNode method, Frame frame) {
        List<AbstractInsnNode> here = Code.at(type, method, frame);
        int first = method.instructions.indexOf(here.get(0));
        int last = method.instructions.indexOf(here.get(here.size() - 1));
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof JumpInsnNode jump) {
                int from = method.instructions.indexOf(each);
                int to = method.instructions.indexOf(jump.label);
                if (to < from && to <= last && from >= first) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Also through a method of the class that nobody overrides. */
    private static boolean wakesOne(Code.Parsed type, MethodNode method, Frame frame) {
        return calls(method, WAKE_ONE)
                || type.node().methods.stream()
                        .filter(each -> (each.access & FIXED) != 0 && calls(each, WAKE_ONE))
                        .anyMatch(each -> callsOwn(type, method, each));
    }

    private static boolean callsOwn(Code.Parsed type, MethodNode method, MethodNode own) {
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call
                    && call.owner.equals(type.node().name)
                    && call.name.equals(own.name)
                    && call.desc.equals(own.desc)) {
                return true;
            }
        }
        return false;
    }

    private static boolean calls(MethodNode method, Set<String> names) {
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && call.desc.equals("()V") && names.contains(call.name)) {
                return true;
            }
        }
        return false;
    }
}
