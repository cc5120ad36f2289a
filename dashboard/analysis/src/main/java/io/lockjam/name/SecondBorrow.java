// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Tells from the code of a stack whether its thread has borrowed one already of what it waits for, such as a connection, and keeps it. Thread-safe.
 *
 * <p>One of its methods has made the same call on every way to where it stands, on the same object, and has since called nothing on the result that
 * closes it or gives it back.
 */
public final class SecondBorrow {
    private static final int MOST_ANSWERS = 500;

    /** What a call is named that gives back; one that keeps the result in a collection is taken for it, too. */
    private static final Pattern ENDS = Pattern.compile(
            "(?i)close|release|return|free|give|back|end|dispose|destroy|invalidate|evict|add|put|offer");

    /** From the one that borrows outwards. */
    private static final int MOST_FRAMES = 12;

    private final Code code;
    private final Answers<Stack, Optional<Frame>> answers = new Answers<>(MOST_ANSWERS);

    public SecondBorrow(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Where the thread has borrowed the first one; empty if the code does not tell.
     *
     * @param borrows place in the stack of the method that lends
     */
    public synchronized Optional<Frame> first(Stack stack, int borrows) {
        return answers.of(
                new Stack(stack.frames().subList(borrows, stack.frames().size())), rest -> find(rest.frames()));
    }

    private Optional<Frame> find(List<Frame> frames) {
        Lent lent = null;
        for (int at = 1; at < Math.min(frames.size(), MOST_FRAMES); at++) {
            Frame frame = frames.get(at);
            Code.Parsed type = frame.isJdk() ? null : code.parsed(frame.className());
            if (type == null) {
                continue;
            }
            for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
                Caller caller = new Caller(frames, at, type, method);
                lent = lent == null ? caller.lent() : lent;
                Optional<Frame> first = lent == null ? Optional.empty() : caller.first(lent);
                if (first.isPresent()) {
                    return first;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * What is borrowed.
     *
     * @param from name that the code has for the lender; null if it has none
     */
    private record Lent(MethodInsnNode call, @Nullable String from) {
        boolean isOf(MethodInsnNode other) {
            return other.owner.equals(call.owner) && other.name.equals(call.name) && other.desc.equals(call.desc);
        }
    }

    /** One method on the stack. */
    private final class Caller {
        private final List<Frame> frames;
        private final int index;
        private final Code.Parsed type;
        private final MethodNode method;
        private final List<MethodInsnNode> stands;
        private final @Nullable Values values;

        Caller(List<Frame> frames, int index, Code.Parsed type, MethodNode method) {
            this.frames = frames;
            this.index = index;
            this.type = type;
            this.method = method;
            this.values = Values.of(type, method);
            this.stands = Code.stands(type, method, frames, index).stream()
                    .map(method.instructions::get)
                    .filter(MethodInsnNode.class::isInstance)
                    .map(MethodInsnNode.class::cast)
                    .toList();
        }

        @Nullable
        Lent lent() {
            return stands.isEmpty() ? null : new Lent(stands.get(0), nameOf(stands.get(0)));
        }

        Optional<Frame> first(Lent lent) {
            if (values == null || stands.isEmpty()) {
                return Optional.empty();
            }
            Flow flow = new Flow(method);
            return IntStream.range(0, method.instructions.size())
                    .filter(at -> takes(at, lent))
                    .filter(at -> stands.stream()
                            .allMatch(call ->
                                    flow.holds(method.instructions.indexOf(call), each -> each == at, closes(at))))
                    .mapToObj(this::place)
                    .findFirst();
        }

        /** The call itself, and one that hands on what a method between has borrowed. */
        private boolean takes(int at, Lent lent) {
            if (!(method.instructions.get(at) instanceof MethodInsnNode call) || stands.contains(call)) {
                return false;
            }
            return (lent.isOf(call) && isOfSame(call, lent)) || (handsOn(lent) && isSameCall(call));
        }

        private boolean isOfSame(MethodInsnNode call, Lent lent) {
            boolean direct = index == 1 && isSameCall(call);
            return direct || (lent.from() != null && lent.from().equals(nameOf(call)));
        }

        private boolean isSameCall(MethodInsnNode call) {
            MethodInsnNode now = stands.get(0);
            return new Lent(now, null).isOf(call)
                    && (now.getOpcode() == Opcodes.INVOKESTATIC || sameReceiver(call, now));
        }

        private boolean sameReceiver(MethodInsnNode one, MethodInsnNode other) {
            SourceValue first = receiver(one);
            SourceValue second = receiver(other);
            String name = nameOf(one);
            return (first != null && second != null && first.insns.equals(second.insns))
                    || (name != null && name.equals(nameOf(other)));
        }

        private @Nullable SourceValue receiver(MethodInsnNode call) {
            return values == null ? null : values.operand(call, Type.getArgumentTypes(call.desc).length);
        }

        private boolean handsOn(Lent lent) {
            return index > 1 && Type.getReturnType(stands.get(0).desc).equals(Type.getReturnType(lent.call().desc));
        }

        /** Any call on what was borrowed that says so, or that is handed it. */
        private IntPredicate closes(int borrowed) {
            AbstractInsnNode source = method.instructions.get(borrowed);
            return at -> method.instructions.get(at) instanceof MethodInsnNode call
                    && ENDS.matcher(call.name).find()
                    && values != null
                    && IntStream.rangeClosed(0, Type.getArgumentTypes(call.desc).length)
                            .anyMatch(below -> values.holds(call, below, source::equals));
        }

        private @Nullable String nameOf(MethodInsnNode call) {
            return LockTrail.receiver(code, frames, type, method, call, index);
        }

        private Frame place(int at) {
            Frame frame = frames.get(index);
            int line = -1;
            for (int i = 0; i < at; i++) {
                line = method.instructions.get(i) instanceof LineNumberNode number ? number.line : line;
            }
            return new Frame(
                    frame.className(), frame.method(), frame.descriptor(), frame.file(), line, frame.bytecodeIndex());
        }
    }
}
