// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.Set;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Tells whether a method runs the tasks that it takes from a queue, as {@code queue.take().run()} does. Thread-safe. */
public final class TakenTask {
    private static final int MOST_ANSWERS = 500;
    private static final Set<String> TASKS = Set.of("java/lang/Runnable.run", "java/util/concurrent/Callable.call");
    private static final Set<String> TAKES =
            Set.of("take", "takeFirst", "takeLast", "poll", "pollFirst", "pollLast", "remove");

    private final Code code;
    private final Answers<String, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public TakenTask(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether the innermost method of the application does; false if its code is not known. */
    public synchronized boolean isRun(Stack taker) {
        Frame frame = taker.site().orElse(null);
        return frame != null
                && !frame.isJdk()
                && answers.of(frame.className() + "." + frame.method() + frame.descriptor(), unknown -> isRun(frame));
    }

    private boolean isRun(Frame frame) {
        Code.Parsed type = code.parsed(frame.className());
        return type != null
                && type.methods(frame.method(), frame.descriptor()).stream().anyMatch(method -> isRun(type, method));
    }

    private static boolean isRun(Code.Parsed type, MethodNode method) {
        Values values = null;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && TASKS.contains(call.owner + "." + call.name)) {
                values = values == null ? Values.of(type, method) : values;
                if (values != null && values.holds(call, 0, TakenTask::takes)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean takes(AbstractInsnNode source) {
        return source instanceof MethodInsnNode call
                && TAKES.contains(call.name)
                && call.owner.startsWith("java/util/")
                && (call.owner.endsWith("Queue") || call.owner.endsWith("Deque"));
    }
}
