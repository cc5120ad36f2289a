// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Boxes;
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
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/** The values of one method, followed from an instruction back to where they came from. */
final class ValueTrail {
    /** Constants that people lock, which the JVM shares among all code that has the same text. */
    private static final Pattern PLAIN = Pattern.compile("[\\w .:/-]{0,40}");

    /** Calls of the JDK that hand out their receiver, a view of it or all it holds: people know it by the receiver's name. */
    private static final Set<String> VIEWS = Set.of(
            "readLock",
            "writeLock",
            "asReadLock",
            "asWriteLock",
            "asReadWriteLock",
            "iterator",
            "listIterator",
            "descendingIterator",
            "values",
            "entrySet",
            "keySet",
            "subList",
            "headMap",
            "tailMap",
            "subMap",
            "headSet",
            "tailSet",
            "descendingMap",
            "descendingSet",
            "append",
            "stream",
            "orElseThrow");

    /** Calls of the JDK's containers that hand out one of their elements. */
    private static final Set<String> ELEMENTS = Set.of(
            "get",
            "getOrDefault",
            "computeIfAbsent",
            "putIfAbsent",
            "getFirst",
            "getLast",
            "elementAt",
            "next",
            "previous",
            "remove",
            "peek",
            "poll");

    /** Classes of the JDK that hold one value: it goes by the name of the holder. */
    private static final Set<String> HOLDERS = Set.of(
            "java/util/concurrent/atomic/AtomicReference",
            "java/util/Optional",
            "java/util/Map$Entry",
            "java/lang/ThreadLocal",
            "java/lang/ref/WeakReference",
            "java/lang/ref/SoftReference",
            "java/lang/ref/Reference",
            "kotlin/Lazy");

    /** What Kotlin adds to the name of a property for the field that holds it. */
    private static final String DELEGATE = "$delegate";

    /** Classes that read an element of the array they are given. */
    private static final Set<String> RAW_ACCESS =
            Set.of("java/lang/invoke/VarHandle", "sun/misc/Unsafe", "jdk/internal/misc/Unsafe");

    private static final Pattern WRAPPER = Pattern.compile("(unmodifiable|synchronized|checked).*");
    private static final Set<Integer> MAKES =
            Set.of(Opcodes.NEW, Opcodes.NEWARRAY, Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY);
    /** Before the name of the lock that made it. */
    static final String CONDITION = "condition of ";

    private static final String IN = " in ";
    private static final String CAPTURED = " captured by ";
    private static final int DEEPEST = 12;

    private final Code code;
    private final MethodNode method;
    private final Values values;

    private ValueTrail(Code code, MethodNode method, Values values) {
        this.code = code;
        this.method = method;
        this.values = values;
    }

    /** Null if the method is too long or its code is not valid. */
    static @Nullable ValueTrail of(Code code, Code.Parsed type, MethodNode method) {
        Values values = Values.of(type, method);
        return values == null ? null : new ValueTrail(code, method, values);
    }

    /** What an instruction locks, calls a method on, or uses an element or a field of; for {@code LockSupport.park(blocker)} the blocker. */
    Origin receiver(AbstractInsnNode instruction) {
        if (instruction.getOpcode() == Opcodes.MONITORENTER) {
            return operand(instruction, 0, 0);
        }
        if (instruction instanceof FieldInsnNode field) {
            return operand(field, field.getOpcode() == Opcodes.PUTFIELD ? 1 : 0, 0);
        }
        if (!(instruction instanceof MethodInsnNode call)) {
            return operand(instruction, below(instruction), 0);
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

    Origin lastArgument(AbstractInsnNode call) {
        return operand(call, 0, 0);
    }

    /** What a call passes as its argument of a number. */
    Origin argument(AbstractInsnNode call, String descriptor, int number) {
        return operand(call, Type.getArgumentTypes(descriptor).length - 1 - number, 0);
    }

    /** @param below how many values lie above it on the operand stack */
    Origin operand(AbstractInsnNode instruction, int below, int depth) {
        SourceValue operand = values.operand(instruction, below);
        if (operand == null || depth > DEEPEST) {
            return Origin.UNKNOWN;
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (AbstractInsnNode source : operand.insns) {
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
        return named ? new Origin.Named(String.join(LockNamer.OR, names)) : Origin.UNKNOWN;
    }

    private Origin source(AbstractInsnNode source, int depth) {
        int local = Origins.parameter(source);
        if (local >= 0) {
            return parameter(local);
        }
        if (source instanceof FieldInsnNode field) {
            return field(field, depth);
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
        if (source instanceof LdcInsnNode constant && constant.cst instanceof String text) {
            return PLAIN.matcher(text).matches() ? new Origin.Named("String \"" + text + '"') : Origin.UNKNOWN;
        }
        return MAKES.contains(source.getOpcode()) ? made(source) : Origin.UNKNOWN;
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

    private Origin field(FieldInsnNode field, int depth) {
        String owner = field.owner.replace('/', '.');
        if (field.name.startsWith("this$")) {
            return new Origin.Named(Type.getType(field.desc).getClassName() + " (this)");
        }
        Code.Parsed in = code.parsed(owner);
        FieldNode known = in == null ? null : in.field(field.name);
        if (in != null && known != null && (known.access & Opcodes.ACC_SYNTHETIC) != 0) {
            Origin captured = captured(in, field, depth);
            String plain = field.name.replaceFirst("^(val)?\\$", "");
            boolean named = captured instanceof Origin.Named;
            return named ? captured : new Origin.Named(plain + CAPTURED + LockNamer.simple(owner));
        }
        return new Origin.Named(code.declaring(owner, field.name) + "." + field.name.replace(DELEGATE, ""));
    }

    /** What the method around a local or anonymous class passes to its constructor for a captured variable. */
    private Origin captured(Code.Parsed inner, FieldInsnNode field, int depth) {
        String around = inner.node().outerClass;
        Code.Parsed outer = around == null ? null : code.parsed(around.replace('/', '.'));
        if (outer == null) {
            return Origin.UNKNOWN;
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (MethodNode constructor : inner.methods("<init>", null)) {
            int number = stored(inner, constructor, field, depth);
            for (MethodNode maker : number < 0 ? List.<MethodNode>of() : outer.node().methods) {
                ValueTrail trail = null;
                for (AbstractInsnNode each : maker.instructions) {
                    if (each instanceof MethodInsnNode call
                            && call.name.equals("<init>")
                            && call.owner.equals(inner.node().name)
                            && call.desc.equals(constructor.desc)) {
                        trail = trail == null ? of(code, outer, maker) : trail;
                        all.add(trail == null ? Origin.UNKNOWN : trail.argument(call, call.desc, number));
                    }
                }
            }
        }
        return all.isEmpty() ? Origin.UNKNOWN : merge(all);
    }

    /** Which parameter a constructor stores in a field; -1 if none. */
    private int stored(Code.Parsed inner, MethodNode constructor, FieldInsnNode field, int depth) {
        ValueTrail trail = depth > DEEPEST ? null : of(code, inner, constructor);
        for (AbstractInsnNode each : constructor.instructions) {
            if (trail != null
                    && each.getOpcode() == Opcodes.PUTFIELD
                    && each instanceof FieldInsnNode put
                    && put.name.equals(field.name)
                    && trail.operand(put, 0, depth) instanceof Origin.Parameter parameter) {
                return parameter.number();
            }
        }
        return -1;
    }

    /** A new object or array is known by the variable that it is put into. */
    Origin made(AbstractInsnNode made) {
        return Variables.of(method, values, made);
    }

    private Origin result(MethodInsnNode call, int depth) {
        boolean jdk = call.owner.startsWith("java/");
        int arguments = Type.getArgumentTypes(call.desc).length;
        if (RAW_ACCESS.contains(call.owner) && call.name.startsWith("get") && arguments == 2) {
            Origin array = operand(call, arguments - 1, depth);
            return array instanceof Origin.Named ? suffixed(array, "[]") : array;
        }
        boolean holder = HOLDERS.contains(call.owner);
        if ((jdk || holder) && call.getOpcode() != Opcodes.INVOKESTATIC) {
            boolean view = VIEWS.contains(call.name) || holder;
            Origin receiver = view || ELEMENTS.contains(call.name) ? operand(call, arguments, depth) : Origin.UNKNOWN;
            if (receiver instanceof Origin.Named named) {
                return view || named.name().endsWith("[]") ? named : suffixed(named, "[]");
            }
            if (view || ELEMENTS.contains(call.name)) {
                return Origin.UNKNOWN;
            }
        }
        if (jdk && call.name.equals("newCondition")) {
            Origin lock = operand(call, arguments, depth);
            return lock instanceof Origin.Named named ? new Origin.Named(CONDITION + named.name()) : Origin.UNKNOWN;
        }
        boolean wraps = call.owner.equals("java/util/Collections")
                && WRAPPER.matcher(call.name).matches();
        if (wraps || (call.owner.equals("java/util/Objects") && call.name.startsWith("requireNonNull"))) {
            return operand(call, arguments - 1, depth);
        }
        if (call.name.equals("getClass") && call.desc.equals("()Ljava/lang/Class;")) {
            return new Origin.Named("the class of an object");
        }
        if (Boxes.makes(call.owner.replace('/', '.'), call.name)) {
            return made(call);
        }
        Origin known = jdk ? Origin.UNKNOWN : returned(call, depth);
        return known instanceof Origin.Named
                ? known
                : new Origin.Named(call.owner.replace('/', '.') + "." + call.name + "()");
    }

    /** What a method that nobody can override returns, if it is a field or one of its arguments. */
    private Origin returned(MethodInsnNode call, int depth) {
        Code.Parsed in =
                depth > DEEPEST || call.owner.startsWith("[") ? null : code.parsed(call.owner.replace('/', '.'));
        List<MethodNode> declared = in == null ? List.of() : in.methods(call.name, call.desc);
        ValueTrail trail = in != null && declared.size() == 1 && isFinal(in, declared.get(0))
                ? of(code, in, declared.get(0))
                : null;
        if (trail == null) {
            return Origin.UNKNOWN;
        }
        Set<Origin> all = new LinkedHashSet<>();
        for (AbstractInsnNode each : trail.method.instructions) {
            if (each.getOpcode() == Opcodes.ARETURN) {
                all.add(trail.operand(each, 0, depth + 2));
            }
        }
        Origin one = all.isEmpty() ? Origin.UNKNOWN : merge(all);
        int arguments = Type.getArgumentTypes(call.desc).length;
        return one instanceof Origin.Parameter given ? operand(call, arguments - 1 - given.number(), depth) : one;
    }

    private static boolean isFinal(Code.Parsed in, MethodNode method) {
        int fixed = Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL;
        return (method.access & fixed) != 0 || (in.node().access & Opcodes.ACC_FINAL) != 0;
    }

    /** A method reference such as {@code lock::lock} keeps its receiver as the first captured value. */
    Origin bound(InvokeDynamicInsnNode reference, int depth) {
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

    /** A variable's name is followed by where it is. */
    static Origin suffixed(Origin origin, String suffix) {
        if (!(origin instanceof Origin.Named named)) {
            return Origin.UNKNOWN;
        }
        String name = named.name();
        int line = name.indexOf(Variables.OF_LINE);
        int end = line >= 0 ? line : Math.max(name.indexOf(IN), name.indexOf(CAPTURED));
        return new Origin.Named(end < 0 ? name + suffix : name.substring(0, end) + suffix + name.substring(end));
    }
}
