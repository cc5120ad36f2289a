// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Tells whether the loop around a wait does nothing but look and wait, as {@code while (list.isEmpty()) wait(1000)}. A loop that does some work each
 * time waits in order to do it so often. Thread-safe.
 */
public final class GuardLoop {
    private static final int MOST_ANSWERS = 1_000;
    private static final Set<String> WAITS =
            Set.of("wait", "await", "awaitNanos", "awaitUntil", "awaitUninterruptibly");
    private static final Pattern LOOKS = Pattern.compile(
            "isEmpty|size|length|get\\w*|peek\\w*|contains\\w*|is[A-Z]\\w*|has[A-Z]\\w*|nanoTime|currentTimeMillis|now|max|min|to[A-Z]\\w*|\\w+Value|equals|compareTo|isBefore|isAfter");

    private final Code code;
    private final Answers<Stack, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public GuardLoop(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** False if the code is not known, or the thread waits outside any loop. */
    public synchronized boolean isAround(Stack waiter) {
        return answers.of(waiter, unknown -> find(waiter.frames()));
    }

    private boolean find(List<Frame> frames) {
        Code.Place place = code.caller(frames);
        if (place == null) {
            return false;
        }
        Code.Parsed type = place.type();
        int own = place.index();
        for (MethodNode method :
                type.methods(frames.get(own).method(), frames.get(own).descriptor())) {
            JumpInsnNode loop = ForgottenSignal.loop(method, Code.stands(type, method, frames, own));
            if (loop != null && onlyLooks(method, loop)) {
                return true;
            }
        }
        return false;
    }

    private static boolean onlyLooks(MethodNode method, JumpInsnNode loop) {
        int end = method.instructions.indexOf(loop);
        for (int at = method.instructions.indexOf(loop.label); at < end; at++) {
            if (acts(method.instructions.get(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean acts(AbstractInsnNode instruction) {
        boolean stores = instruction.getOpcode() == Opcodes.PUTFIELD || instruction.getOpcode() == Opcodes.PUTSTATIC;
        boolean calls = instruction instanceof MethodInsnNode call
                && !WAITS.contains(call.name)
                && !LOOKS.matcher(call.name).matches();
        return stores || calls || instruction instanceof InvokeDynamicInsnNode;
    }
}
