// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds code that offers to a queue and does not look whether there was room. Thread-safe.
 *
 * <p>A method that takes from the queue as well makes room itself, as one that keeps the last few events; and of a queue that nobody takes from, the
 * first few may be all that is wanted.
 */
public final class DroppedOffer {
    private static final int MOST_ANSWERS = 200;
    private static final String OFFERED = "(Ljava/lang/Object;)Z";
    private static final Set<String> OFFERS = Set.of("offer", "offerFirst", "offerLast");
    private static final Set<String> TAKES = Set.of(
            "take",
            "takeFirst",
            "takeLast",
            "poll",
            "pollFirst",
            "pollLast",
            "remove",
            "removeFirst",
            "removeLast",
            "drainTo",
            "clear");

    private final ClassBytes bytes;
    private final Code code;
    private final Answers<String, Optional<Frame>> answers = new Answers<>(MOST_ANSWERS);

    public DroppedOffer(ClassBytes bytes) {
        this.bytes = bytes;
        this.code = new Code(bytes);
    }

    /**
     * The first such place; empty if there is none, or the code does not tell.
     *
     * @param queue the field that has it, behind its class
     */
    public synchronized Optional<Frame> of(String queue) {
        return answers.of(queue, this::find);
    }

    private Optional<Frame> find(String queue) {
        List<Code.Parsed> nest = Nest.of(code, Stack.EMPTY, queue);
        Frame first = null;
        boolean taken = false;
        for (Code.Parsed type : Neighbours.with(nest, bytes, code)) {
            for (MethodNode method : type.node().methods) {
                Values values = names(method, queue) ? Values.of(type, method) : null;
                boolean takes = values != null && calls(method, values, queue, TAKES) != null;
                AbstractInsnNode offer =
                        values == null || takes || first != null ? null : dropped(method, values, queue);
                first = offer == null ? first : frame(type, method, offer);
                taken |= takes;
            }
        }
        return taken ? Optional.ofNullable(first) : Optional.empty();
    }

    private static boolean names(MethodNode method, String queue) {
        for (AbstractInsnNode each : method.instructions) {
            if (isField(each, queue)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isField(AbstractInsnNode instruction, String queue) {
        return instruction instanceof FieldInsnNode field
                && queue.length() == field.owner.length() + 1 + field.name.length()
                && queue.equals(field.owner.replace('/', '.') + "." + field.name);
    }

    private static @Nullable AbstractInsnNode calls(
            MethodNode method, Values values, String queue, Set<String> methods) {
        for (AbstractInsnNode each : method.instructions) {
            if (isCall(each, values, queue, methods)) {
                return each;
            }
        }
        return null;
    }

    private static @Nullable AbstractInsnNode dropped(MethodNode method, Values values, String queue) {
        for (AbstractInsnNode each : method.instructions) {
            AbstractInsnNode next = each.getNext();
            boolean drops = next != null && next.getOpcode() == Opcodes.POP;
            if (drops && isCall(each, values, queue, OFFERS) && ((MethodInsnNode) each).desc.equals(OFFERED)) {
                return each;
            }
        }
        return null;
    }

    private static boolean isCall(AbstractInsnNode instruction, Values values, String queue, Set<String> methods) {
        return instruction instanceof MethodInsnNode call
                && call.owner.startsWith("java/util/")
                && methods.contains(call.name)
                && values.holds(call, Type.getArgumentTypes(call.desc).length, source -> isField(source, queue));
    }

    private static Frame frame(Code.Parsed type, MethodNode method, AbstractInsnNode at) {
        int line = -1;
        for (AbstractInsnNode each = at; each != null && line < 0; each = each.getPrevious()) {
            line = each instanceof LineNumberNode number ? number.line : line;
        }
        return new Frame(type.name(), method.name, method.desc, type.node().sourceFile, line, -1);
    }
}
