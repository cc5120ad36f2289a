// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Tells from the code whether a task waits for the end of the pool that it was handed to. Thread-safe. */
public final class OwnPoolCode {
    private static final int MOST_ANSWERS = 500;
    private static final Set<String> ENDS = Set.of("awaitTermination", "close");
    private static final Set<String> HANDS_IN = Set.of("submit", "execute", "schedule");

    private final Code code;
    private final Answers<Stack, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public OwnPoolCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether it does, by the name that the code has for the pool. */
    public synchronized boolean awaitsOwnEnd(Stack stack) {
        return answers.of(stack, unknown -> find(stack.frames()));
    }

    private boolean find(List<Frame> frames) {
        int waits = 0;
        while (waits < frames.size() && frames.get(waits).isJdk()) {
            waits++;
        }
        if (waits == 0
                || waits == frames.size()
                || !ENDS.contains(frames.get(waits - 1).method())) {
            return false;
        }
        Frame task = frames.stream()
                .filter(frame -> !frame.isJdk())
                .reduce((inner, outer) -> outer)
                .orElseThrow();
        Code.Parsed type = code.parsed(frames.get(waits).className());
        if (type == null) {
            return false;
        }
        for (MethodNode method : type.methods(frames.get(waits).method(), null)) {
            for (int at : Code.stands(type, method, frames, waits)) {
                String name = method.instructions.get(at) instanceof MethodInsnNode call
                        ? LockTrail.receiver(code, frames, type, method, call, waits)
                        : null;
                if (name != null && isHandedTo(name, task)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isHandedTo(String pool, Frame task) {
        for (Code.Parsed type : Nest.of(code, new Stack(List.of(task)), "")) {
            for (MethodNode method : type.node().methods) {
                for (AbstractInsnNode each : method.instructions) {
                    if (each instanceof MethodInsnNode call
                            && HANDS_IN.contains(call.name)
                            && call.owner.startsWith("java/util/concurrent/")
                            && hands(call, task, type, method)
                            && pool.equals(LockTrail.receiver(code, List.of(), type, method, call, -1))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean hands(MethodInsnNode call, Frame task, Code.Parsed type, MethodNode method) {
        Values values = Values.of(type, method);
        int arguments = Type.getArgumentTypes(call.desc).length;
        return values != null && values.holds(call, arguments - 1, source -> isBody(source, task));
    }

    private static boolean isBody(AbstractInsnNode source, Frame task) {
        Handle body = Nest.body(source);
        String type = task.className().replace('.', '/');
        return body != null
                ? body.getOwner().equals(type) && body.getName().equals(task.method())
                : source instanceof TypeInsnNode made && made.getOpcode() == Opcodes.NEW && made.desc.equals(type);
    }
}
