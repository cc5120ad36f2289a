// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Tells from the code whether a thread waits for its turn, as in {@code while (turn != me) wait()}: the loop compares what is shared with a number or a
 * name that is the thread's own. Nobody has anything then that could be given back sooner. Thread-safe.
 *
 * <p>Who also looks whether anybody has it ({@code owner != null && owner != me}) waits for a lock, and so does who has drawn a ticket.
 */
public final class TurnCode {
    private static final int MOST_ANSWERS = 500;

    private final Code code;
    private final Answers<Stack, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public TurnCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** False if its code cannot be read. */
    public synchronized boolean waitsForTurn(Stack waiter) {
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
            List<Integer> here = Code.stands(type, method, frames, own);
            JumpInsnNode loop = here.isEmpty() ? null : ForgottenSignal.loop(method, here);
            Values values = loop == null ? null : Values.of(type, method);
            if (loop != null && values != null && new Loop(type, method, values, loop).looksForTurn()) {
                return true;
            }
        }
        return false;
    }

    /** The loop around a wait, by the jump at its end. */
    private record Loop(Code.Parsed type, MethodNode method, Values values, JumpInsnNode back) {
        boolean looksForTurn() {
            for (AbstractInsnNode each = back.label; each != back; each = each.getNext()) {
                FieldInsnNode shared = compares(each) ? turn(each) : null;
                if (shared != null && reads(shared) == 1) {
                    return true;
                }
            }
            return compares(back) && turn(back) != null;
        }

        private static boolean compares(AbstractInsnNode each) {
            return switch (each.getOpcode()) {
                case Opcodes.IF_ICMPEQ, Opcodes.IF_ICMPNE, Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE, Opcodes.LCMP -> true;
                default -> each instanceof MethodInsnNode call && call.name.equals("equals");
            };
        }

        /** The field that is compared with what is the thread's own; null if none is. */
        private @Nullable FieldInsnNode turn(AbstractInsnNode compare) {
            FieldInsnNode one = shared(values.operand(compare, 0));
            FieldInsnNode other = shared(values.operand(compare, 1));
            return one != null && isOwn(values.operand(compare, 1))
                    ? one
                    : other != null && isOwn(values.operand(compare, 0)) ? other : null;
        }

        /** One that changes, or the rest of its division. */
        private @Nullable FieldInsnNode shared(@Nullable SourceValue value) {
            AbstractInsnNode source = value == null || value.insns.size() != 1
                    ? null
                    : value.insns.iterator().next();
            if (source != null && (source.getOpcode() == Opcodes.IREM || source.getOpcode() == Opcodes.LREM)) {
                return shared(values.operand(source, 1));
            }
            return source instanceof FieldInsnNode field && !isFinal(field) ? field : null;
        }

        /** A parameter, or a field that is set once. */
        private boolean isOwn(@Nullable SourceValue value) {
            int first = (method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
            return value != null
                    && !value.insns.isEmpty()
                    && value.insns.stream()
                            .allMatch(source -> Origins.parameter(source) >= first
                                    || (source.getOpcode() == Opcodes.GETFIELD && isFinal((FieldInsnNode) source)));
        }

        private boolean isFinal(FieldInsnNode field) {
            var known = field.owner.equals(type.node().name) ? type.field(field.name) : null;
            return known != null && (known.access & Opcodes.ACC_FINAL) != 0;
        }

        private long reads(FieldInsnNode field) {
            long reads = 0;
            for (AbstractInsnNode each = back.label; each != back; each = each.getNext()) {
                boolean same = each instanceof FieldInsnNode read
                        && (each.getOpcode() == Opcodes.GETFIELD || each.getOpcode() == Opcodes.GETSTATIC)
                        && read.owner.equals(field.owner)
                        && read.name.equals(field.name);
                reads += same ? 1 : 0;
            }
            return reads;
        }
    }
}
