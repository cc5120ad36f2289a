// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Follows the lock of one stack, or the object used at its top, from the innermost frame up to the one that knows its name. */
final class LockTrail {
    /** At the end of a call that uses its last argument, not what it is made on. */
    private static final String ARGUMENT = "(it)";

    private static final Set<String> TAKES = Set.of("lock", "lockInterruptibly", "tryLock");
    /** Calls of the JDK that may lock their argument under their own lock. */
    private static final Pattern NESTS = Pattern.compile(".*All|equals|append");

    /** Lambdas within lambdas. */
    private static final int DEEPEST = 6;

    private final Code code;
    private final List<Frame> frames;
    private final WaitKind kind;
    private final boolean byIndex;
    private final @Nullable Predicate<AbstractInsnNode> use;
    private final boolean usesArgument;
    private int used;

    /** @param byIndex whether bytecode indexes choose among the instructions of a line */
    LockTrail(Code code, List<Frame> frames, WaitKind kind, boolean byIndex) {
        this(code, frames, kind, byIndex, null, false);
    }

    private LockTrail(
            Code code,
            List<Frame> frames,
            WaitKind kind,
            boolean byIndex,
            @Nullable Predicate<AbstractInsnNode> use,
            boolean usesArgument) {
        this.code = code;
        this.frames = frames;
        this.kind = kind;
        this.byIndex = byIndex;
        this.use = use;
        this.usesArgument = usesArgument;
    }

    /** @param call made by the innermost frame: {@code Map.put}, or {@code List.addAll(it)} for its argument */
    static LockTrail ofCall(Code code, List<Frame> frames, String call) {
        boolean argument = call.endsWith(ARGUMENT);
        String name = argument ? call.substring(0, call.length() - ARGUMENT.length()) : call;
        return new LockTrail(code, frames, WaitKind.PARK, false, each -> calls(each, name), argument);
    }

    /** @param type of the array that the innermost frame takes an element of, {@code int[]} */
    static LockTrail ofElement(Code code, List<Frame> frames, String type, boolean writes) {
        int load = switch (type) {
            case "int[]" -> Opcodes.IALOAD;
            case "long[]" -> Opcodes.LALOAD;
            case "float[]" -> Opcodes.FALOAD;
            case "double[]" -> Opcodes.DALOAD;
            case "byte[]", "boolean[]" -> Opcodes.BALOAD;
            case "char[]" -> Opcodes.CALOAD;
            case "short[]" -> Opcodes.SALOAD;
            default -> Opcodes.AALOAD;
        };
        int wanted = writes ? load - Opcodes.IALOAD + Opcodes.IASTORE : load;
        return new LockTrail(code, frames, WaitKind.PARK, false, each -> each.getOpcode() == wanted, false);
    }

    /** Of a lock that the innermost frame takes on its line. */
    static LockTrail ofTaken(Code code, List<Frame> frames, boolean monitor) {
        Predicate<AbstractInsnNode> takes = monitor
                ? each -> each.getOpcode() == Opcodes.MONITORENTER
                : each -> each instanceof MethodInsnNode call && TAKES.contains(call.name);
        return new LockTrail(code, frames, WaitKind.PARK, false, takes, false);
    }

    /** Of a lock that one call of the innermost frame takes with another: that of what it is made on, or of its argument. */
    static LockTrail ofNesting(Code code, List<Frame> frames, boolean argument) {
        return new LockTrail(
                code,
                frames,
                WaitKind.PARK,
                false,
                each -> each instanceof MethodInsnNode call
                        && NESTS.matcher(call.name).matches(),
                argument);
    }

    /** @param field that the innermost frame reads or writes, after its class and a dot */
    static LockTrail ofField(Code code, List<Frame> frames, String field, boolean writes) {
        int wanted = writes ? Opcodes.PUTFIELD : Opcodes.GETFIELD;
        return new LockTrail(
                code, frames, WaitKind.PARK, false, each -> each.getOpcode() == wanted && isOf(each, field), false);
    }

    private static boolean isOf(AbstractInsnNode instruction, String field) {
        return instruction instanceof FieldInsnNode used
                && field.equals(used.owner.replace('/', '.') + "." + used.name);
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
        boolean enters = kind == WaitKind.MONITOR || kind == WaitKind.CLASS_INIT;
        if (type == null || (index == 0 && use == null && !enters)) {
            return null; // a stack cut short
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            all.addAll(origins(type, method, index));
        }
        return ValueTrail.merge(all) instanceof Origin.Named named ? named.name() : null;
    }

    /**
     * The name of what a call is made on; null if the code does not tell.
     *
     * @param index the frame that stands in the method; -1 if none does
     */
    static @Nullable String receiver(
            Code code, List<Frame> frames, Code.Parsed type, MethodNode method, MethodInsnNode call, int index) {
        ValueTrail values = ValueTrail.of(code, type, method);
        LockTrail trail = new LockTrail(code, frames, WaitKind.PARK, false);
        Origin found =
                values == null ? Origin.UNKNOWN : trail.settled(values.receiver(call), call, type, method, index);
        return found instanceof Origin.Named named ? named.name() : null;
    }

    private Set<Origin> origins(Code.Parsed type, MethodNode method, int index) {
        Frame frame = frames.get(index);
        if (kind == WaitKind.CLASS_INIT) {
            return index > 0 ? Set.of() : initialised(type, method, frame);
        }
        Set<Origin> all = new LinkedHashSet<>();
        List<AbstractInsnNode> found = found(type, method, index);
        boolean entering = frame.bytecodeIndex() == 0;
        boolean synchronised = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
        if (entersAt(index) && synchronised && (entering || found.isEmpty()) && inside(method, frame)) {
            boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
            all.add(new Origin.Named("synchronized " + (isStatic ? "static " : "") + LockNamer.place(frame)));
            return all;
        }
        ValueTrail trail = found.isEmpty() ? null : ValueTrail.of(code, type, method);
        if (trail != null) {
            for (AbstractInsnNode each : found) {
                boolean argument = index == 0 && usesArgument;
                Origin origin = each instanceof InvokeDynamicInsnNode made
                        ? trail.argument(made, made.desc, 0)
                        : argument ? trail.lastArgument(each) : trail.receiver(each);
                boolean takenBack = kind == WaitKind.LOCK && ConditionLock.isTakenBackBy(each);
                Origin named = takenBack ? ConditionLock.of(code, origin) : settled(origin, each, type, method, index);
                all.add(ValueTrail.below(each) < 0 ? named : ValueTrail.suffixed(named, "[]"));
            }
        }
        return all;
    }

    private List<AbstractInsnNode> found(Code.Parsed type, MethodNode method, int index) {
        Frame frame = frames.get(index);
        if (index == 0 && use != null) {
            return Code.onLine(method, frame.line()).stream().filter(use).toList();
        }
        return entersAt(index) ? enters(type, method, frame) : calls(type, method, index, call -> true);
    }

    /** A method reference counts as a call. */
    private static boolean calls(AbstractInsnNode instruction, String name) {
        Handle body = Nest.body(instruction);
        if (body != null) {
            String type = body.getOwner().substring(body.getOwner().lastIndexOf('/') + 1);
            return name.equals(type + "." + body.getName());
        }
        return instruction instanceof MethodInsnNode call
                && name.equals(call.owner.substring(call.owner.lastIndexOf('/') + 1) + "." + call.name);
    }

    /** The class that an instruction is the first to use. */
    private Set<Origin> initialised(Code.Parsed type, MethodNode method, Frame frame) {
        Set<Origin> all = new LinkedHashSet<>();
        for (AbstractInsnNode each : Code.onLine(method, frame.line())) {
            String used = each instanceof TypeInsnNode made && each.getOpcode() == Opcodes.NEW
                    ? made.desc
                    : each instanceof FieldInsnNode field
                                    && (each.getOpcode() == Opcodes.GETSTATIC || each.getOpcode() == Opcodes.PUTSTATIC)
                            ? field.owner
                            : each instanceof MethodInsnNode call && each.getOpcode() == Opcodes.INVOKESTATIC
                                    ? call.owner
                                    : null;
            if (used != null && !used.equals(type.node().name)) {
                all.add(new Origin.Named(LockNamer.CLASS + used.replace('/', '.')));
            }
        }
        return all;
    }

    /** Whether this frame waits to enter a monitor itself. */
    private boolean entersAt(int index) {
        return index == 0 && kind == WaitKind.MONITOR;
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

    /** The monitors that a frame may be about to enter. */
    private List<AbstractInsnNode> enters(Code.Parsed type, MethodNode method, Frame frame) {
        List<AbstractInsnNode> onLine = Code.onLine(method, frame.line()).stream()
                .filter(each -> each.getOpcode() == Opcodes.MONITORENTER)
                .toList();
        List<AbstractInsnNode> able = new ArrayList<>(onLine);
        able.addAll(Code.entersBefore(method, frame.line()));
        List<AbstractInsnNode> exact = able.stream()
                .filter(each -> isAt(type, each, frame.bytecodeIndex())
                        || isAt(type, each, frame.bytecodeIndex() - 1)) // see Code.entersBefore
                .toList();
        return byIndex && !exact.isEmpty() ? exact : able;
    }

    /** The calls that a frame may stand at: those of the next inner frame's method; a method reference goes by another name. */
    private List<AbstractInsnNode> calls(
            Code.Parsed type, MethodNode method, int index, Predicate<MethodInsnNode> wanted) {
        Frame frame = frames.get(index);
        List<AbstractInsnNode> able = Code.onLine(method, frame.line()).stream()
                .filter(each -> each instanceof MethodInsnNode call && wanted.test(call))
                .toList();
        String callee = frames.get(index - 1).method();
        List<AbstractInsnNode> calls = able.stream()
                .filter(each -> each instanceof MethodInsnNode call && callee.equals(call.name))
                .toList();
        List<AbstractInsnNode> exact = (calls.isEmpty() ? able : calls)
                .stream()
                        .filter(each -> isAt(type, each, frame.bytecodeIndex()))
                        .toList();
        if (byIndex && !exact.isEmpty()) {
            return exact;
        }
        return calls.isEmpty() && able.size() == 1 && frame.line() > 0 ? able : calls;
    }

    private static boolean isAt(Code.Parsed type, AbstractInsnNode instruction, int index) {
        return type.indexes().getOrDefault(instruction, -2) == index;
    }

    /** Turns what is only known relative to this frame into a name. */
    private Origin settled(Origin origin, AbstractInsnNode at, Code.Parsed type, MethodNode method, int index) {
        if (origin instanceof Origin.This) {
            if (index >= 0 && kind.isQueue() && frames.get(index).isJdk()) {
                return asked(frames.get(index), index + 1); // AbstractQueue.add offers to itself
            }
            if (index >= 0 && isLock(type) && asked(frames.get(index), index + 1) instanceof Origin.Named outside) {
                return outside; // a lock with methods of its own: whoever calls them has a name for it
            }
            return new Origin.Named(
                    at.getOpcode() == Opcodes.MONITORENTER
                            ? "synchronized (this) in " + LockNamer.place(frames.get(index))
                            : type.name() + " (this)");
        }
        if (origin instanceof Origin.Parameter parameter) {
            Origin taken = captured(type, method, parameter.number(), 0);
            return taken != null || index < 0
                    ? Objects.requireNonNullElse(taken, Origin.UNKNOWN)
                    : passed(parameter.number(), frames.get(index), index + 1);
        }
        return origin;
    }

    private boolean isLock(Code.Parsed type) {
        String parent = type.node().superName;
        if (parent == null || parent.startsWith("java/util/concurrent/locks/")) {
            return parent != null;
        }
        Code.Parsed above = parent.startsWith("java/") ? null : code.parsed(parent.replace('/', '.'));
        return above != null && isLock(above);
    }

    /** The argument that the calling frame passes. */
    private Origin passed(int number, Frame callee, int index) {
        return fromCaller(callee, index, (trail, call) -> trail.argument(call, ((MethodInsnNode) call).desc, number));
    }

    /** What the calling frame calls the method on. */
    private Origin asked(Frame callee, int index) {
        return fromCaller(callee, index, ValueTrail::receiver);
    }

    private Origin fromCaller(Frame callee, int index, BiFunction<ValueTrail, AbstractInsnNode, Origin> value) {
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
            for (AbstractInsnNode each : calls(type, method, index, call -> call.name.equals(callee.method()))) {
                ValueTrail trail = ValueTrail.of(code, type, method);
                Origin origin = trail == null ? Origin.UNKNOWN : value.apply(trail, each);
                all.add(settled(origin, each, type, method, index));
            }
        }
        return all.isEmpty() ? Origin.UNKNOWN : ValueTrail.merge(all);
    }

    /**
     * The value that a lambda took with it from the method it is written in; null if the method is no lambda. Those of Kotlin are not
     * synthetic.
     */
    private @Nullable Origin captured(Code.Parsed type, MethodNode lambda, int number, int depth) {
        if ((lambda.access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_PRIVATE)) == 0) {
            return null;
        }
        for (MethodNode method : type.node().methods) {
            for (AbstractInsnNode each : method.instructions) {
                if (each instanceof InvokeDynamicInsnNode made && makes(made, type, lambda)) {
                    boolean instance = (lambda.access & Opcodes.ACC_STATIC) == 0;
                    int at = number + (instance ? 1 : 0);
                    ValueTrail trail = ValueTrail.of(code, type, method);
                    boolean reference = (lambda.access & Opcodes.ACC_SYNTHETIC) == 0;
                    if (trail == null || at >= Type.getArgumentTypes(made.desc).length) {
                        return reference ? null : Origin.UNKNOWN;
                    }
                    Origin origin = trail.argument(made, made.desc, at);
                    Origin outer = origin instanceof Origin.Parameter parameter && depth < DEEPEST
                            ? captured(type, method, parameter.number(), depth + 1)
                            : null;
                    if (outer != null) {
                        return outer;
                    }
                    boolean own = origin instanceof Origin.This;
                    return own ? new Origin.Named(type.name() + " (this)") : known(origin);
                }
            }
        }
        return null;
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
