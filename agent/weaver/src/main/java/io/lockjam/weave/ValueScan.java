// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads a method once from top to bottom and follows its values through stack and local variables: ways that jump forward are
 * joined where they meet, a loop is read as if it ran once. Passes all instructions on.
 */
abstract class ValueScan extends MethodVisitor {
    private static final Set<String> UNBOXES = Set.of("intValue", "longValue", "doubleValue", "booleanValue");

    private final Map<Label, ValueStack> waiting = new HashMap<>();
    private final Set<Label> handlers = new HashSet<>();
    private ValueStack values = new ValueStack("", false);
    private boolean reached = true;
    /** What the last test asked for. */
    private Set<Integer> tested = Set.of();

    private int position;

    /** How the values were put together. */
    final Structures structures;

    ValueScan(MethodVisitor next, Structures structures) {
        super(Opcodes.ASM9, next);
        this.structures = structures;
    }

    /** Instructions so far; those that have no probe before them need not be counted. */
    final int position() {
        return position;
    }

    abstract void read(int at, String field, Value object);

    abstract void write(int at, String field, Value object, Value value);

    /** Returns whether what is computed from the result depends on the call. */
    abstract boolean call(int at, Call call);

    /** @param other what it is compared with; null if with null or zero */
    abstract void test(int at, int opcode, Label to, Value tested, @Nullable Value other);

    /** Before a monitor is entered. */
    abstract void lock(Value locked);

    /** Before a method returns a value. */
    abstract void give(Value value);

    /** @param to null if it leaves the method */
    abstract void leave(int at, @Nullable Label to);

    abstract void reach(int at, Label label, boolean handler);

    /** An instruction other than a call or one for a field takes the value from the stack. */
    abstract void use(int at, int opcode, Value value);

    /** @param object the class, if the method is static */
    record Call(int opcode, String owner, String name, String descriptor, Value object, List<Value> arguments) {}

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String type) {
        handlers.add(handler);
        super.visitTryCatchBlock(start, end, handler, type);
    }

    @Override
    public void visitLabel(Label label) {
        super.visitLabel(label);
        boolean handler = handlers.contains(label);
        ValueStack other = waiting.remove(label);
        String at = "label " + position;
        if (handler || (!reached && other == null)) {
            values = new ValueStack(at, true);
            values.push(values.unknown(false)); // the exception
        } else if (other != null) {
            values = reached ? ValueStack.join(values, other, at, tested) : other;
        }
        reached = true;
        reach(position, label, handler);
    }

    @Override
    public void visitInsn(int opcode) {
        super.visitInsn(opcode);
        if (opcode == Opcodes.NOP) {
            position++;
            return;
        }
        if (opcode <= Opcodes.DCONST_1) {
            boolean wide = opcode == Opcodes.LCONST_0 || opcode == Opcodes.LCONST_1 || opcode >= Opcodes.DCONST_0;
            values.push(Value.constant("of opcode " + opcode, wide));
        } else if (opcode <= Opcodes.SALOAD) {
            Value index = values.pop();
            use(position, opcode, index);
            Set<Integer> reads = Value.union(Value.union(index.reads(), values.pop(1)), Set.of(position));
            values.push(opcode == Opcodes.LALOAD || opcode == Opcodes.DALOAD, reads);
        } else if (opcode <= Opcodes.SASTORE) {
            use(position, opcode, values.pop());
            use(position, opcode, values.pop());
            values.pop(1);
        } else if (opcode <= Opcodes.SWAP) {
            values.rearrange(opcode);
        } else if (opcode <= Opcodes.DCMPG) {
            compute(opcode);
        } else if (opcode == Opcodes.ARRAYLENGTH) {
            values.push(false, values.pop(1));
        } else if (opcode == Opcodes.MONITORENTER) {
            lock(values.pop());
        } else if (opcode == Opcodes.MONITOREXIT) {
            values.pop(1);
        } else {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.ARETURN) {
                Value given = values.pop();
                use(position, opcode, given);
                give(given);
            }
            leave(position, null);
            reached = false;
        }
        position++;
    }

    /** IADD to DCMPG; in groups of int, long, float and double, see JVMS 6.5. */
    private void compute(int opcode) {
        boolean one = (opcode >= Opcodes.INEG && opcode <= Opcodes.DNEG) || isConversion(opcode);
        boolean wide;
        if (isConversion(opcode)) {
            wide = opcode == Opcodes.I2L
                    || opcode == Opcodes.I2D
                    || opcode == Opcodes.L2D
                    || opcode == Opcodes.F2L
                    || opcode == Opcodes.F2D
                    || opcode == Opcodes.D2L;
        } else if (opcode >= Opcodes.LCMP) {
            wide = false;
        } else {
            wide = (opcode - Opcodes.IADD) % 2 == 1;
        }
        Value last = values.pop();
        Value first = one ? last : values.pop();
        use(position, opcode, last);
        use(position, opcode, first);
        Value value = values.unknown(wide).with(Value.union(first.reads(), last.reads()));
        structures.computed(value, opcode, first, last);
        boolean compares = opcode >= Opcodes.LCMP && (last.isZero() || Value.isMinusOne(last.key()));
        values.push(compares ? new Value(first.key(), value.reads(), false) : value);
    }

    private static boolean isConversion(int opcode) {
        return opcode >= Opcodes.I2L && opcode <= Opcodes.I2S;
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        super.visitFieldInsn(opcode, owner, name, descriptor);
        boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
        String field = owner + "." + name + " " + descriptor;
        if (opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC) {
            Value object = isStatic ? new Value("class", Set.of(), false) : values.pop();
            read(position, field, object);
            String key = object.key() + "." + field;
            values.push(new Value(key, Set.of(position), Fields.isWide(descriptor)));
        } else {
            Value value = values.pop();
            write(position, field, isStatic ? new Value("class", Set.of(), false) : values.pop(), value);
        }
        position++;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        List<Value> arguments = arguments(descriptor);
        Set<Integer> reads = Set.of();
        for (Value each : arguments) {
            reads = Value.union(reads, each.reads());
        }
        boolean isStatic = opcode == Opcodes.INVOKESTATIC;
        Value object = isStatic ? Value.type(owner) : values.pop();
        if (object.isMade()) {
            values.fill(object, reads);
        }
        reads = owner.startsWith("java/lang/") ? reads : Value.handed(reads);
        reads = Value.union(reads, object.reads());
        Call call = new Call(opcode, owner, name, descriptor, object, arguments);
        if (object.isMade() && name.equals("<init>")) {
            structures.made(object, owner, arguments);
        }
        if (call(position, call)) {
            reads = Value.union(reads, Set.of(position));
        }
        String key = null;
        if (isStatic && name.equals("valueOf") && owner.startsWith("java/lang/") && arguments.size() == 1) {
            key = arguments.get(0).key();
        } else if (!isStatic && UNBOXES.contains(name) && arguments.isEmpty()) {
            key = object.key();
        }
        Type type = Type.getReturnType(descriptor);
        boolean wide = type.getSize() == 2;
        if (type.getSize() > 0) {
            String method = owner + "." + name + descriptor;
            Value value = key != null ? new Value(key, reads, wide) : Value.given(method, position, reads, wide);
            if (key == null) {
                structures.given(value, call);
            }
            values.push(value);
        }
        position++;
    }

    private List<Value> arguments(String descriptor) {
        Value[] arguments = new Value[Type.getArgumentTypes(descriptor).length];
        for (int i = arguments.length - 1; i >= 0; i--) {
            arguments[i] = values.pop();
        }
        return List.of(arguments);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... given) {
        super.visitInvokeDynamicInsn(name, descriptor, bootstrap, given);
        Set<Integer> reads = Set.of();
        List<Value> arguments = arguments(descriptor);
        for (Value each : arguments) {
            use(position, Opcodes.INVOKEDYNAMIC, each);
            reads = Value.union(reads, each.reads());
        }
        int size = Type.getReturnType(descriptor).getSize();
        if (size > 0) {
            Value value = values.unknown(size == 2).with(reads);
            structures.concatenated(value, bootstrap, given, arguments);
            values.push(value);
        }
        position++;
    }

    @Override
    public void visitJumpInsn(int opcode, Label to) {
        super.visitJumpInsn(opcode, to);
        if (opcode == Opcodes.GOTO) {
            leave(position, to);
            send(to);
            reached = false;
        } else {
            boolean two = opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE;
            Value other = two ? values.pop() : null;
            Value one = values.pop();
            tested = other == null ? one.reads() : Value.union(one.reads(), other.reads());
            test(position, opcode, to, one, other);
            send(to);
        }
        position++;
    }

    @Override
    public void visitTableSwitchInsn(int least, int most, Label rest, Label... cases) {
        super.visitTableSwitchInsn(least, most, rest, cases);
        choose(rest, cases);
    }

    @Override
    public void visitLookupSwitchInsn(Label rest, int[] keys, Label[] cases) {
        super.visitLookupSwitchInsn(rest, keys, cases);
        choose(rest, cases);
    }

    /** To each of its targets it is a test whether the value leads there. */
    private void choose(Label rest, Label[] cases) {
        Value chosen = values.pop();
        use(position, Opcodes.TABLESWITCH, chosen);
        tested = chosen.reads();
        Set<Label> targets = new LinkedHashSet<>(List.of(cases));
        targets.add(rest);
        for (Label each : targets) {
            test(position, Opcodes.TABLESWITCH, each, chosen, null);
            send(each);
        }
        reached = false;
    }

    private void send(Label to) {
        ValueStack there = waiting.get(to);
        String at = "jump " + position;
        waiting.put(to, there == null ? values.copy(at) : ValueStack.join(values, there, at, tested));
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        super.visitVarInsn(opcode, variable);
        if (opcode <= Opcodes.ALOAD) {
            values.load(variable, opcode == Opcodes.LLOAD || opcode == Opcodes.DLOAD);
        } else {
            values.store(variable);
        }
        position++;
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        super.visitIincInsn(variable, increment);
        values.increment(variable);
        position++;
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        super.visitIntInsn(opcode, operand);
        if (opcode == Opcodes.NEWARRAY) {
            use(position, opcode, values.pop());
            values.push(Value.made("array", position));
        } else {
            values.push(Value.constant(operand, false));
        }
        position++;
    }

    @Override
    public void visitLdcInsn(Object value) {
        super.visitLdcInsn(value);
        values.push(Value.constant(value, value instanceof Long || value instanceof Double));
        position++;
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        super.visitTypeInsn(opcode, type);
        if (opcode == Opcodes.NEW) {
            values.push(Value.made(type, position));
        } else if (opcode == Opcodes.ANEWARRAY) {
            use(position, opcode, values.pop());
            values.push(Value.made("array", position));
        } else if (opcode == Opcodes.INSTANCEOF) {
            values.push(false, values.pop(1));
        }
        position++;
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        super.visitMultiANewArrayInsn(descriptor, dimensions);
        values.pop(dimensions);
        values.push(Value.made("arrays", position));
    }
}
