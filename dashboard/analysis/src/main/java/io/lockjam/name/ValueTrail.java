// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceValue;

/** The values of one method, followed from an instruction back to where they came from. */
final class ValueTrail {
    /** Calls that hand out a view of their receiver, which people know by the receiver's name. */
    private static final Set<String> VIEWS = Set.of(
            "readLock",
            "writeLock",
            "asReadLock",
            "asWriteLock",
            "asReadWriteLock",
            "iterator",
            "listIterator",
            "descendingIterator",
            "keySet",
            "values",
            "entrySet",
            "subList",
            "headMap",
            "tailMap",
            "subMap",
            "headSet",
            "tailSet",
            "descendingMap",
            "descendingSet",
            "append");

    /** Calls that hand out an element of their receiver. */
    private static final Set<String> ELEMENTS =
            Set.of("get", "getOrDefault", "computeIfAbsent", "putIfAbsent", "getFirst", "getLast", "elementAt");

    private static final Pattern WRAPPER = Pattern.compile("(unmodifiable|synchronized|checked).*");
    private static final int DEEPEST = 12;

    private final Code code;
    private final MethodNode method;
    private final @Nullable Frame<SourceValue>[] frames;

    private ValueTrail(Code code, MethodNode method, @Nullable Frame<SourceValue>[] frames) {
        this.code = code;
        this.method = method;
        this.frames = frames;
    }

    /** Null if the method is too long or its code is not valid. */
    static @Nullable ValueTrail of(Code code, Code.Parsed type, MethodNode method) {
        if (method.instructions.size() > Code.LONGEST_METHOD) {
            return null;
        }
        try {
            return new ValueTrail(code, method, new Analyzer<>(new Origins()).analyze(type.node().name, method));
        } catch (AnalyzerException | RuntimeException damaged) {
            return null;
        }
    }

    /** What an instruction locks or calls a method on; for {@code LockSupport.park(blocker)} the blocker. */
    Origin receiver(AbstractInsnNode instruction) {
        if (instruction.getOpcode() == Opcodes.MONITORENTER) {
            return operand(instruction, 0, 0);
        }
        if (!(instruction instanceof MethodInsnNode call)) {
            return suffixed(operand(instruction, below(instruction), 0), "[]");
        }
        int arguments = Type.getArgumentTypes(call.desc).length;
        boolean blocker = call.owner.equals("java/util/concurrent/locks/LockSupport")
                && call.desc.startsWith("(Ljava/lang/Object;");
        if (call.getOpcode() != Opcodes.INVOKESTATIC) {
            return operand(call, arguments, 0);
        }
        return blocker ? operand(call, arguments - 1, 0) : Origin.UNKNOWN;
    }

    /** How many values lie above the array on the operand stack; -1 if the instruction uses no element of one. */
    static int below(AbstractInsnNode instruction) {
        int opcode = instruction.getOpcode();
        if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) {
            return 1;
        }
        return opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE ? 2 : -1;
    }

    /** What a call passes as its argument of a number. */
    Origin argument(AbstractInsnNode call, String descriptor, int number) {
        return operand(call, Type.getArgumentTypes(descriptor).length - 1 - number, 0);
    }

    /** @param below how many values lie above it on the operand stack */
    private Origin operand(AbstractInsnNode instruction, int below, int depth) {
        Frame<SourceValue> frame = frames[method.instructions.indexOf(instruction)];
        if (frame == null || below < 0 || frame.getStackSize() <= below || depth > DEEPEST) {
            return Origin.UNKNOWN;
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (AbstractInsnNode source : frame.getStack(frame.getStackSize() - 1 - below).insns) {
            if (source.getOpcode() != Opcodes.ACONST_NULL) {
                all.add(source(source, depth + 1));
            }
        }
        return merge(all);
    }

    /** One origin of several: where two names are possible, both are told. */
    static Origin merge(Set<Origin> all) {
        if (all.size() == 1) {
            return all.iterator().next();
        }
        boolean named = all.size() == 2 && all.stream().allMatch(Origin.Named.class::isInstance);
        List<String> names = all.stream()
                .filter(Origin.Named.class::isInstance)
                .map(origin -> ((Origin.Named) origin).name())
                .sorted()
                .toList();
        return named ? new Origin.Named(String.join(" or ", names)) : Origin.UNKNOWN;
    }

    private Origin source(AbstractInsnNode source, int depth) {
        int local = Origins.parameter(source);
        if (local >= 0) {
            return parameter(local);
        }
        if (source instanceof FieldInsnNode field) {
            return field(field);
        }
        if (source.getOpcode() == Opcodes.AALOAD) {
            return suffixed(operand(source, 1, depth), "[]");
        }
        if (source instanceof MethodInsnNode call) {
            return result(call, depth);
        }
        if (source instanceof InvokeDynamicInsnNode reference) {
            return bound(reference, depth);
        }
        if (source instanceof LdcInsnNode constant && constant.cst instanceof Type type) {
            return new Origin.Named(LockNamer.simple(type.getClassName()) + ".class");
        }
        if (source.getOpcode() == Opcodes.NEW) {
            return made(source);
        }
        return Origin.UNKNOWN;
    }

    private Origin parameter(int local) {
        boolean instance = (method.access & Opcodes.ACC_STATIC) == 0;
        if (instance && local == 0) {
            return new Origin.This();
        }
        int at = instance ? 1 : 0;
        Type[] types = Type.getArgumentTypes(method.desc);
        for (int number = 0; number < types.length; number++) {
            if (at == local) {
                return new Origin.Parameter(number);
            }
            at += types[number].getSize();
        }
        return Origin.UNKNOWN;
    }

    private Origin field(FieldInsnNode field) {
        String owner = field.owner.replace('/', '.');
        if (field.name.startsWith("this$")) {
            return new Origin.Named(Type.getType(field.desc).getClassName() + " (this)");
        }
        if (field.name.startsWith("val$")) {
            return new Origin.Named(field.name.substring(4) + " captured by " + LockNamer.simple(owner));
        }
        return new Origin.Named(code.declaring(owner, field.name) + "." + field.name);
    }

    /** A new object that is put into a variable at once has that variable's name. */
    private Origin made(AbstractInsnNode made) {
        AbstractInsnNode at = made.getNext();
        for (int others = 0; at != null; at = at.getNext()) {
            if (at.getOpcode() == Opcodes.NEW) {
                others++;
            } else if (at.getOpcode() == Opcodes.INVOKESPECIAL && others-- == 0) {
                break;
            }
        }
        AbstractInsnNode stored = at == null ? null : at.getNext();
        if (!(stored instanceof VarInsnNode variable) || stored.getOpcode() != Opcodes.ASTORE) {
            return Origin.UNKNOWN;
        }
        int from = method.instructions.indexOf(stored);
        List<LocalVariableNode> known = method.localVariables == null ? List.of() : method.localVariables;
        return known.stream()
                .filter(local -> local.index == variable.var
                        && method.instructions.indexOf(local.start) >= from
                        && method.instructions.indexOf(local.start) <= from + 3)
                .findFirst()
                .<Origin>map(local -> new Origin.Named(local.name + " in " + method.name))
                .orElse(Origin.UNKNOWN);
    }

    private Origin result(MethodInsnNode call, int depth) {
        boolean jdk = call.owner.startsWith("java/");
        int arguments = Type.getArgumentTypes(call.desc).length;
        boolean virtual = call.getOpcode() != Opcodes.INVOKESTATIC;
        if (jdk && virtual && VIEWS.contains(call.name)) {
            return operand(call, arguments, depth);
        }
        if (jdk && virtual && ELEMENTS.contains(call.name)) {
            Origin element = suffixed(operand(call, arguments, depth), "[]");
            if (element instanceof Origin.Named) {
                return element;
            }
        }
        boolean wraps = call.owner.equals("java/util/Collections") && WRAPPER.matcher(call.name).matches();
        if (wraps || (call.owner.equals("java/util/Objects") && call.name.startsWith("requireNonNull"))) {
            return operand(call, arguments - 1, depth);
        }
        String getter = jdk ? null : code.returned(call.owner.replace('/', '.'), call.name, call.desc);
        if (getter != null) {
            return new Origin.Named(getter);
        }
        if (call.name.equals("getClass") && call.desc.equals("()Ljava/lang/Class;")) {
            return new Origin.Named("the class of an object");
        }
        return new Origin.Named(call.owner.replace('/', '.') + "." + call.name + "()");
    }

    /** A method reference such as {@code lock::lock} keeps its receiver as the first captured value. */
    private Origin bound(InvokeDynamicInsnNode reference, int depth) {
        for (Object argument : reference.bsmArgs) {
            if (argument instanceof Handle handle
                    && handle.getTag() != Opcodes.H_INVOKESTATIC
                    && !handle.getName().startsWith("lambda$")
                    && Type.getArgumentTypes(reference.desc).length == 1) {
                return operand(reference, 0, depth);
            }
        }
        return Origin.UNKNOWN;
    }

    private static Origin suffixed(Origin origin, String suffix) {
        return origin instanceof Origin.Named named ? new Origin.Named(named.name() + suffix) : Origin.UNKNOWN;
    }
}
