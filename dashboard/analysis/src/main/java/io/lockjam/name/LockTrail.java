// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.WaitKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Follows the lock of one stack, or the object used at its top, from the innermost frame up to the one that knows its name. */
final class LockTrail {
    /** Stands for the use of an array's element. */
    static final String ELEMENT = "[]";

    private final Code code;
    private final List<Frame> frames;
    private final WaitKind kind;
    private final @Nullable String use;
    private int used;

    LockTrail(Code code, List<Frame> frames, WaitKind kind) {
        this(code, frames, kind, null);
    }

    /** @param use the call made by the innermost frame, {@code Map.put}, or {@link #ELEMENT}; null if it waits for a lock */
    LockTrail(Code code, List<Frame> frames, WaitKind kind, @Nullable String use) {
        this.code = code;
        this.frames = frames;
        this.kind = kind;
        this.use = use;
    }

    /** How many frames were looked at, counted from the one it began with. */
    int used() {
        return used;
    }

    /** The name of what the frame at {@code index} waits for; null if its code does not tell. */
    @Nullable
    String name(int index) {
        used = 1;
        Frame frame = frames.get(index);
        Code.Parsed type = code.parsed(frame.className());
        if (type == null) {
            return null;
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            all.addAll(origins(type, method, index));
        }
        all.remove(Origin.UNKNOWN);
        return ValueTrail.merge(all) instanceof Origin.Named named ? named.name() : null;
    }

    private Set<Origin> origins(Code.Parsed type, MethodNode method, int index) {
        Frame frame = frames.get(index);
        Set<Origin> all = new LinkedHashSet<>();
        List<AbstractInsnNode> here = Code.at(type, method, frame);
        List<AbstractInsnNode> found = index == 0 && use != null ? uses(here, use) : waits(here, index);
        if (index == 0 && kind == WaitKind.MONITOR && frame.bytecodeIndex() > 0) {
            found = Code.monitorEnter(type, method, frame.bytecodeIndex())
                    .map(List::of)
                    .orElse(found);
        }
        boolean synchronised = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
        boolean enters = found.stream().anyMatch(each -> each.getOpcode() == Opcodes.MONITORENTER);
        if (index == 0 && kind == WaitKind.MONITOR && synchronised && !enters && inside(method, frame)) {
            boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
            all.add(new Origin.Named("synchronized " + (isStatic ? "static " : "") + LockNamer.place(frame)));
            return all;
        }
        ValueTrail trail = found.isEmpty() ? null : ValueTrail.of(code, type, method);
        if (trail != null) {
            for (AbstractInsnNode each : found) {
                all.add(settled(trail.receiver(each), each, type, method, index));
            }
        }
        return all;
    }

    /** Methods of one name are told apart by the line where there is no descriptor. */
    private static boolean inside(MethodNode method, Frame frame) {
        if (frame.descriptor() != null || frame.line() < 0) {
            return true;
        }
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof LineNumberNode line && line.line == frame.line()) {
                return true;
            }
        }
        return false;
    }

    private static List<AbstractInsnNode> uses(List<AbstractInsnNode> instructions, String use) {
        return instructions.stream()
                .filter(each -> each instanceof MethodInsnNode call
                        ? use.equals(call.owner.substring(call.owner.lastIndexOf('/') + 1) + "." + call.name)
                        : use.equals(ELEMENT) && ValueTrail.below(each) > 0)
                .toList();
    }

    /** Of the instructions that a frame may stand at, those that can wait: the call to the next inner frame, or a monitor. */
    private List<AbstractInsnNode> waits(List<AbstractInsnNode> instructions, int index) {
        List<AbstractInsnNode> able = instructions.stream()
                .filter(each -> each.getOpcode() == Opcodes.MONITORENTER
                        ? index == 0 && kind == WaitKind.MONITOR
                        : each instanceof MethodInsnNode call && !takesBack(call))
                .toList();
        Frame frame = frames.get(index);
        if (index == 0 && frame.bytecodeIndex() < 0 && frame.line() <= 0) {
            return able.stream()
                    .filter(each -> each.getOpcode() == Opcodes.MONITORENTER)
                    .toList();
        }
        if (index == 0 || frame.bytecodeIndex() >= 0) {
            return able;
        }
        String callee = frames.get(index - 1).method();
        List<AbstractInsnNode> calls = able.stream()
                .filter(each -> each instanceof MethodInsnNode call && callee.equals(call.name))
                .toList();
        boolean unplaced = frame.line() <= 0;
        return calls.isEmpty() && !unplaced ? able : calls; // a method reference is called by another name
    }

    /** A lock taken back at the end of an await is not what await is called on; its other sites name it. */
    private boolean takesBack(MethodInsnNode call) {
        return kind == WaitKind.LOCK
                && call.owner.equals("java/util/concurrent/locks/Condition")
                && call.name.startsWith("await");
    }

    /** Turns what is only known relative to this frame into a name. */
    private Origin settled(Origin origin, AbstractInsnNode at, Code.Parsed type, MethodNode method, int index) {
        Frame frame = frames.get(index);
        if (origin instanceof Origin.This) {
            return new Origin.Named(
                    at.getOpcode() == Opcodes.MONITORENTER
                            ? "synchronized (this) in " + LockNamer.place(frame)
                            : frame.className() + " (this)");
        }
        if (origin instanceof Origin.Parameter parameter) {
            return method.name.startsWith("lambda$")
                    ? captured(type, method, parameter.number(), index)
                    : passed(parameter.number(), frame, index + 1);
        }
        return origin;
    }

    /** The argument that the calling frame passes. */
    private Origin passed(int number, Frame callee, int index) {
        used++;
        if (index >= frames.size() || used > LockNamer.MOST_FRAMES) {
            return Origin.UNKNOWN;
        }
        Frame caller = frames.get(index);
        Code.Parsed type = code.parsed(caller.className());
        if (type == null) {
            return Origin.UNKNOWN;
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (MethodNode method : type.methods(caller.method(), caller.descriptor())) {
            for (AbstractInsnNode each : Code.at(type, method, caller)) {
                if (each instanceof MethodInsnNode call && call.name.equals(callee.method())) {
                    ValueTrail trail = ValueTrail.of(code, type, method);
                    Origin origin = trail == null ? Origin.UNKNOWN : trail.argument(call, call.desc, number);
                    all.add(settled(origin, each, type, method, index));
                }
            }
        }
        return all.isEmpty() ? Origin.UNKNOWN : ValueTrail.merge(all);
    }

    /** The value that a lambda took with it from the method it is written in. */
    private Origin captured(Code.Parsed type, MethodNode lambda, int number, int index) {
        for (MethodNode method : type.node().methods) {
            for (AbstractInsnNode each : method.instructions) {
                if (each instanceof InvokeDynamicInsnNode made && makes(made, type, lambda)) {
                    boolean instance = (lambda.access & Opcodes.ACC_STATIC) == 0;
                    int at = number + (instance ? 1 : 0);
                    ValueTrail trail = ValueTrail.of(code, type, method);
                    if (trail == null || at >= Type.getArgumentTypes(made.desc).length) {
                        return Origin.UNKNOWN;
                    }
                    Origin origin = trail.argument(made, made.desc, at);
                    if (origin instanceof Origin.Parameter parameter && method.name.startsWith("lambda$")) {
                        return captured(type, method, parameter.number(), index);
                    }
                    boolean own = origin instanceof Origin.This;
                    return own ? new Origin.Named(frames.get(index).className() + " (this)") : known(origin);
                }
            }
        }
        return Origin.UNKNOWN;
    }

    private static Origin known(Origin origin) {
        return origin instanceof Origin.Named ? origin : Origin.UNKNOWN; // its maker's caller is not on this stack
    }

    private static boolean makes(InvokeDynamicInsnNode made, Code.Parsed type, MethodNode lambda) {
        for (Object argument : made.bsmArgs) {
            if (argument instanceof Handle handle
                    && handle.getOwner().equals(type.node().name)
                    && handle.getName().equals(lambda.name)
                    && handle.getDesc().equals(lambda.desc)) {
                return true;
            }
        }
        return false;
    }
}
