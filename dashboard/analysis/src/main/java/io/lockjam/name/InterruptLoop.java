// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Tells from the code loops that catch an interruption, set the flag again and wait once more: from then on each wait ends at once. Thread-safe.
 */
public final class InterruptLoop {
    private static final int MOST_ANSWERS = 1_000;

    /** From the innermost of the application outwards: the wait may have a method of its own. */
    private static final int MOST_FRAMES = 3;

    private final Code code;
    private final Answers<Frame, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public InterruptLoop(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether one of the innermost methods of the application is such a loop, and the thread stands in it. */
    public synchronized boolean runs(Stack stack) {
        return stack.frames().stream()
                .filter(frame -> !frame.isJdk())
                .limit(MOST_FRAMES)
                .anyMatch(frame -> answers.of(frame, this::find));
    }

    private boolean find(Frame frame) {
        Code.Parsed type = code.parsed(frame.className());
        return type != null
                && type.methods(frame.method(), frame.descriptor()).stream()
                        .filter(method -> method.instructions.size() <= Code.LONGEST_METHOD)
                        .anyMatch(method -> turnsAt(method, Code.onLine(method, frame.line())));
    }

    private static boolean turnsAt(MethodNode method, List<AbstractInsnNode> line) {
        for (TryCatchBlockNode each : method.tryCatchBlocks) {
            if ("java/lang/InterruptedException".equals(each.type) && turns(method, each, line)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the way leads from the handler through {@code Thread.interrupt} back into what it guards, by the line. */
    private static boolean turns(MethodNode method, TryCatchBlockNode guarded, List<AbstractInsnNode> line) {
        Flow flow = new Flow(method);
        int handler = method.instructions.indexOf(guarded.handler);
        BitSet caught = flow.onward(handler, at -> false, (from, to) -> false);
        return caught.stream()
                .filter(at -> method.instructions.get(at) instanceof MethodInsnNode call && interrupts(call))
                .anyMatch(at -> {
                    BitSet next = flow.after(List.of(at), to -> false);
                    boolean waitsAgain = next.get(handler) && next.get(method.instructions.indexOf(guarded.start));
                    return waitsAgain && line.stream().anyMatch(each -> next.get(method.instructions.indexOf(each)));
                });
    }

    private static boolean interrupts(MethodInsnNode call) {
        return call.owner.equals("java/lang/Thread") && call.name.equals("interrupt");
    }
}
