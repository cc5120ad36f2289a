// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * Tells from the code whether a thread only looks whether something has happened.
 *
 * <p>From where the thread stands there is a way round a loop, or from the method's begin to its end, that reads a field or calls a getter, tests
 * what it got, and does nothing else: it stores nothing but counters and calls nothing but what looks, counts, pauses or reads a
 * clock. A loop that computes stores its results; a program that paces itself works between two sleeps.
 */
public final class LookLoop {
    private static final Pattern LOOKS = Pattern.compile(
            "(get|is|has|peek|poll|try|contains|load|compareAndSet|weakCompareAndSet)([A-Z].*)?|size|ready|available|done");
    private static final Pattern HARMLESS = Pattern.compile(
            "onSpinWait|yield|yield0|sleep|parkNanos|interrupted|currentThread|nanoTime|currentTimeMillis|increment|decrement"
                    + "|incrementAndGet|getAndIncrement|sum|(int|long|boolean)Value|valueOf|to(Nanos|Millis|Micros)");
    private static final Pattern PAUSES = Pattern.compile("onSpinWait|yield|yield0|sleep|parkNanos");
    private static final int MOST_CODE = 4_000;
    private static final int MOST_ANSWERS = 5_000;

    private final Code code;
    private final Answers<String, Boolean> answers = new Answers<>(MOST_ANSWERS);

    /** @param look whether something shared was read on the way; tested whether a jump depended on something */
    private record State(AbstractInsnNode at, boolean look, boolean tested) {}

    public LookLoop(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Whether the innermost method of the application only looks, or the one that calls it to pause; false if its class cannot be read.
     * Thread-safe.
     */
    public boolean looks(Stack stack) {
        return loop(stack).isPresent();
    }

    /** The frame of the method that looks again and again; empty if none does. */
    public synchronized Optional<Frame> loop(Stack stack) {
        Frame pause = null;
        String question = isSearch(stack.frames()) ? "searches" : "looks";
        for (Frame frame : stack.frames().subList(0, Math.min(6, stack.frames().size()))) {
            if (frame.isJdk()) {
                continue;
            }
            boolean looks = cached(question, frame, pause);
            if (looks || pause != null || !cached("pauses", frame, null)) {
                return looks ? Optional.of(frame) : Optional.empty();
            }
            pause = frame;
        }
        return Optional.empty();
    }

    /** A thread inside a collection that no other may change meanwhile does not wait for a change, unless a loop of its own looks there. */
    private static boolean isSearch(List<Frame> frames) {
        return !frames.isEmpty()
                && frames.get(0).className().startsWith("java.util.")
                && !frames.get(0).className().startsWith("java.util.concurrent.");
    }

    private boolean cached(String question, Frame frame, @Nullable Frame pause) {
        String site = question + ' ' + LockNamer.site(frame, frame.bytecodeIndex() >= 0);
        return answers.of(
                site,
                unknown -> question.equals("pauses") ? pauses(frame) : looks(frame, pause, question.equals("looks")));
    }

    /**
     * @param pause the method that is called there to pause; null if the frame is the innermost
     * @param outAndIn whether the loop may be that of a caller
     */
    private boolean looks(Frame frame, @Nullable Frame pause, boolean outAndIn) {
        Code.Parsed type = code.parsed(frame.className());
        if (type == null || (frame.bytecodeIndex() < 0 && frame.line() <= 0)) {
            return false;
        }
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            List<AbstractInsnNode> here =
                    method.instructions.size() > MOST_CODE ? List.of() : near(type, method, frame);
            for (AbstractInsnNode each : here) {
                boolean starts = pause == null
                        ? harmless(each)
                        : each instanceof MethodInsnNode call && call.name.equals(pause.method());
                if (starts && round(method, each, outAndIn)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a method does nothing but pause: between its begin and its end it neither looks nor works. */
    private boolean pauses(Frame frame) {
        Code.Parsed type = code.parsed(frame.className());
        List<MethodNode> methods = type == null ? List.of() : type.methods(frame.method(), frame.descriptor());
        return methods.size() == 1 && pauses(methods.get(0));
    }

    private static boolean pauses(MethodNode method) {
        AbstractInsnNode first = method.instructions.getFirst();
        ArrayDeque<State> open = new ArrayDeque<>();
        Set<State> met = new HashSet<>();
        if (first != null && method.instructions.size() <= MOST_CODE) {
            open.add(new State(first, false, false));
        }
        boolean sleeps = false;
        while (!open.isEmpty()) {
            State state = open.poll();
            if (!met.add(state)) {
                continue;
            }
            if (looks(state.at()) || !harmless(state.at())) {
                return false;
            }
            sleeps |= state.at() instanceof MethodInsnNode call
                    && PAUSES.matcher(call.name).matches();
            int opcode = state.at().getOpcode();
            if (opcode < Opcodes.IRETURN || opcode > Opcodes.RETURN) {
                follow(method.instructions, state, open);
            }
        }
        return sleeps;
    }

    /** The instruction at the frame's index, or the nearest one before it: branches have no index of their own. */
    private static List<AbstractInsnNode> near(Code.Parsed type, MethodNode method, Frame frame) {
        return Code.at(type, method, frame, each -> frame.line() > 0 || Code.isAt(type, each, frame));
    }

    /** Whether the way from an instruction back to itself, or out and in again, is one of looking. */
    private static boolean round(MethodNode method, AbstractInsnNode start, boolean outAndIn) {
        AbstractInsnNode first = method.instructions.getFirst();
        boolean pauses = outAndIn && start instanceof MethodInsnNode;
        ArrayDeque<State> open = new ArrayDeque<>();
        Set<State> met = new HashSet<>();
        follow(method.instructions, new State(start, looks(start), false), open);
        while (!open.isEmpty()) {
            State state = open.poll();
            if (state.at() == start) {
                if (state.look() && state.tested()) {
                    return true;
                }
                continue;
            }
            if (!met.add(state) || !harmless(state.at())) {
                continue;
            }
            int opcode = state.at().getOpcode();
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                if (pauses && first != null) { // its caller is the loop
                    open.add(new State(first, state.look(), state.tested()));
                }
                continue;
            }
            follow(method.instructions, state, open);
        }
        return false;
    }

    private static void follow(InsnList all, State state, ArrayDeque<State> open) {
        AbstractInsnNode at = state.at();
        boolean look = state.look() || looks(at);
        if (at instanceof JumpInsnNode jump) {
            boolean always = jump.getOpcode() == Opcodes.GOTO;
            open.add(new State(jump.label, look, state.tested() || (!always && look)));
            if (!always && jump.getNext() != null) {
                open.add(new State(jump.getNext(), look, state.tested() || look));
            }
        } else if (at.getNext() != null && all.contains(at)) {
            open.add(new State(at.getNext(), look, state.tested()));
        }
    }

    private static boolean looks(AbstractInsnNode at) {
        return at.getOpcode() == Opcodes.GETFIELD && !(at.getNext() instanceof MethodInsnNode)
                || at.getOpcode() == Opcodes.GETSTATIC && isCompared(at.getNext())
                || at instanceof MethodInsnNode call && LOOKS.matcher(call.name).matches();
    }

    /** Whether what was read is tested as it is, or set against a constant, a local variable or another field, and not given to a call. */
    private static boolean isCompared(@Nullable AbstractInsnNode next) {
        AbstractInsnNode each = next;
        while (each != null && isPush(each.getOpcode())) {
            each = each.getNext();
        }
        return each instanceof JumpInsnNode;
    }

    private static boolean isPush(int opcode) {
        return opcode >= Opcodes.ACONST_NULL && opcode <= Opcodes.ALOAD
                || opcode >= Opcodes.LCMP && opcode <= Opcodes.DCMPG
                || opcode == Opcodes.GETSTATIC;
    }

    private static boolean harmless(AbstractInsnNode at) {
        int opcode = at.getOpcode();
        if (at instanceof MethodInsnNode call) {
            return LOOKS.matcher(call.name).matches()
                    || HARMLESS.matcher(call.name).matches();
        }
        if (at instanceof LabelNode || opcode < 0 || opcode == Opcodes.IINC || opcode == Opcodes.CHECKCAST) {
            return true;
        }
        if (at instanceof InvokeDynamicInsnNode
                || at instanceof LookupSwitchInsnNode
                || at instanceof TableSwitchInsnNode) {
            return false;
        }
        boolean stored = opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
        if (stored) { // what a look gave; a sum is computed
            AbstractInsnNode from = at.getPrevious();
            from = from != null && from.getOpcode() == Opcodes.DUP ? from.getPrevious() : from;
            from = from != null && from.getOpcode() == Opcodes.CHECKCAST ? from.getPrevious() : from;
            return from instanceof MethodInsnNode;
        }
        boolean writes = opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE
                || opcode == Opcodes.PUTFIELD
                || opcode == Opcodes.PUTSTATIC;
        boolean reads = opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD; // a search, not a look
        boolean makes = opcode >= Opcodes.NEW && opcode <= Opcodes.ANEWARRAY || opcode == Opcodes.MULTIANEWARRAY;
        boolean locks = opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT || opcode == Opcodes.ATHROW;
        return !writes && !reads && !makes && !locks;
    }
}
