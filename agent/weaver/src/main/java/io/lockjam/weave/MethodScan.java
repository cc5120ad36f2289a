// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Reads a method before it is woven: how each access is used in it, by position.
 *
 * <p>Linear, without data flow: what lies between two instructions in the class file is taken to run between them. The
 * result chooses words in a finding; whether there is a race does not depend on it.
 */
final class MethodScan extends MethodVisitor {
    private static final String ELEMENT = "[]";

    /**
     * One access.
     *
     * @param key field; for an array element {@link #ELEMENT} and the field that the array came from
     */
    private record Access(int at, String key, boolean writes, boolean duplicated) {
        boolean isElement() {
            return key.startsWith(ELEMENT);
        }
    }

    private record Jump(int at, Label to, boolean conditional) {}

    private final List<Access> accesses = new ArrayList<>();
    private final List<Jump> jumps = new ArrayList<>();
    private final List<Integer> swaps = new ArrayList<>(); // where something is compared and set
    private final Map<Label, Integer> labels = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();
    private final int self; // local variables of this, and with those of the parameters
    private final int parameters;
    private final Set<Integer> assigned = new HashSet<>();
    private final UnsetTests unset = new UnsetTests();
    /** Writes that store what the method was given or has found: no value that each thread computes alike. */
    private final Set<Integer> given = new HashSet<>();

    private boolean previousGiven;
    private final StreamScan streams = new StreamScan();
    private final boolean constructor;
    private final boolean locked;

    private int position;
    private int previous;
    /** Whether the last instruction left an object that nobody else has seen: just made, or this in its constructor. */
    private boolean previousFresh;

    /** Local variables that hold such an object. */
    private final Set<Integer> fresh = new HashSet<>();
    /** The field that the last array was taken from; empty if none. */
    private String array = "";

    private final Map<Integer, String> arrays = new HashMap<>(); // by local variable
    private boolean monitor;
    private int maxLocals;
    private boolean optimistic;
    private boolean hasSites;
    private boolean makes;
    private boolean overwritesThis;

    MethodScan(int access, String name, String descriptor) {
        super(Opcodes.ASM9);
        boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
        self = isStatic ? 0 : 1;
        parameters = (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 1 + self;
        constructor = name.equals("<init>");
        locked = (access & Opcodes.ACC_SYNCHRONIZED) != 0;
        hasSites = locked;
    }

    boolean isStatic() {
        return self == 0;
    }

    int maxLocals() {
        return maxLocals;
    }

    /**
     * Whether the method orders plain accesses by means that no trap may contradict: a fence, or the validation of an
     * optimistic read. Its accesses are not probed.
     */
    boolean optimistic() {
        return optimistic;
    }

    /** Whether the first local variable may be something else than this at the end. */
    boolean overwritesThis() {
        return overwritesThis;
    }

    boolean hasSites() {
        return hasSites;
    }

    /** Whether there is something that matters to the order of threads, or to who made an object. */
    boolean hasOrder() {
        return hasSites || makes;
    }

    /** Whether the call of {@code stream()} at a position is as good as a use of all elements. */
    boolean drains(int at) {
        return streams.drains(at);
    }

    /** Reads in loops that do not write the same. */
    Set<Integer> loops() {
        return uses.keySet().stream().filter(at -> Use.has(use(at), Use.LOOP)).collect(Collectors.toSet());
    }

    /** Bits of {@link Use} for the access at a position. */
    int use(int at) {
        return uses.getOrDefault(at, 0);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) {
            accesses.add(new Access(position, ELEMENT + array, false, previous == Opcodes.DUP2));
            add(position, opcode == Opcodes.AALOAD ? 0 : Use.IMMUTABLE);
            hasSites = true;
        } else if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
            access(ELEMENT + array, true, opcode != Opcodes.AASTORE);
        } else if (opcode == Opcodes.MONITORENTER) {
            monitor = true;
            hasSites = true;
        }
        unset.operation(position, opcode, previous);
        step(opcode);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        boolean writes = opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC;
        access(owner + "." + name, writes, Fields.immutable(descriptor));
        step(opcode);
        if (!writes && descriptor.startsWith("[")) {
            array = owner + "." + name;
        }
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        hasSites = true;
        boolean stamped = owner.equals("java/util/concurrent/locks/StampedLock") && name.equals("validate");
        boolean fence = name.endsWith("Fence") && (owner.endsWith("VarHandle") || owner.endsWith("Unsafe"));
        optimistic |= stamped || fence;
        if (swaps(name)) {
            swaps.add(position);
        }
        unset.call(position);
        streams.call(position, opcode, owner, name, descriptor);
        step(opcode);
        previousFresh = (opcode == Opcodes.INVOKESPECIAL && name.equals("<init>")) || name.equals("clone");
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        jumps.add(new Jump(position, label, opcode != Opcodes.GOTO));
        unset.jump(position, opcode, previous);
        step(opcode);
    }

    @Override
    public void visitTableSwitchInsn(int least, int most, Label rest, Label... cases) {
        jumps.add(new Jump(position, rest, true));
    }

    @Override
    public void visitLookupSwitchInsn(Label rest, int[] keys, Label[] cases) {
        jumps.add(new Jump(position, rest, true));
    }

    @Override
    public void visitLabel(Label label) {
        labels.put(label, position);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        makes |= opcode == Opcodes.NEWARRAY;
        step(opcode);
        previousFresh = opcode == Opcodes.NEWARRAY;
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        overwritesThis |= variable == 0 && opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
        boolean madeBefore = previousFresh;
        boolean arrayBefore = previous == Opcodes.GETFIELD || previous == Opcodes.GETSTATIC;
        unset.variable(position, opcode, variable);
        step(opcode);
        if (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE) {
            assigned.add(variable);
        }
        previousGiven = opcode >= Opcodes.ILOAD
                && opcode <= Opcodes.ALOAD
                && variable >= self
                && variable < parameters
                && !assigned.contains(variable);
        if (opcode == Opcodes.ASTORE) {
            keep(variable, madeBefore, arrayBefore ? array : "");
        } else if (opcode == Opcodes.ALOAD) {
            previousFresh = fresh.contains(variable) || (constructor && variable == 0);
            array = arrays.getOrDefault(variable, array);
        }
    }

    private void keep(int variable, boolean made, String from) {
        if (made) {
            fresh.add(variable);
        } else {
            fresh.remove(variable);
        }
        arrays.put(variable, from);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        makes |= opcode == Opcodes.ANEWARRAY;
        boolean madeBefore = previousFresh;
        step(opcode);
        previousFresh = opcode == Opcodes.ANEWARRAY || (opcode == Opcodes.CHECKCAST && madeBefore);
    }

    @Override
    public void visitLdcInsn(Object value) {
        step(value.equals(-1L) ? Opcodes.ICONST_M1 : Opcodes.LDC); // as if it were an int
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        step(Opcodes.IINC);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
        makes = true;
        step(Opcodes.INVOKEDYNAMIC);
    }

    @Override
    public void visitMaxs(int maxStack, int locals) {
        maxLocals = locals;
    }

    @Override
    public void visitEnd() {
        for (int i = 0; i < accesses.size(); i++) {
            Access access = accesses.get(i);
            if (access.writes()) {
                pair(i);
            } else {
                add(access.at(), inLoopWithoutWrite(access) ? Use.LOOP : 0);
                add(access.at(), isTriedAgain(access) ? Use.VALIDATED : 0);
            }
        }
        markSteps();
    }

    private void access(String key, boolean writes, boolean immutable) {
        hasSites = true;
        accesses.add(new Access(position, key, writes, false));
        if (writes && (previousGiven || unset.moves(position))) {
            given.add(position);
        }
        int use = writes ? Use.WRITES : 0;
        use |= writes && previousFresh ? Use.FRESH : 0;
        use |= writes && isConstant(previous) ? Use.CONSTANT : 0;
        use |= constructor ? Use.CONSTRUCTOR : 0;
        use |= locked || monitor ? Use.LOCKED : 0;
        add(position, use | (immutable ? Use.IMMUTABLE : 0));
    }

    private void step(int opcode) {
        streams.step(opcode);
        previous = opcode;
        previousFresh = false;
        previousGiven = false;
        position++;
    }

    /** A value that is put together in the field, step by step, is no cache: others see what it is in between. */
    private void markSteps() {
        int filled = Use.CHECK_THEN_ACT | Use.DEFAULT_TEST;
        for (Access change : accesses) {
            if (!change.writes() || !Use.has(use(change.at()), Use.READ_MODIFY_WRITE)) {
                continue;
            }
            for (Access check : accesses) {
                boolean before = check.at() < change.at() && check.key().equals(change.key());
                if (before && (use(check.at()) & filled) == filled) {
                    add(check.at(), Use.READ_MODIFY_WRITE);
                }
            }
        }
    }

    /** Joins a write with the last read of the same place before it. */
    private void pair(int write) {
        Access to = accesses.get(write);
        for (int i = write - 1; i >= 0; i--) {
            Access from = accesses.get(i);
            if (!from.writes() && isSame(from, to)) {
                pair(from, to);
                return;
            }
        }
    }

    /** For elements it is not known, but for {@code a[i]++} and where one is put in that was missing. */
    private boolean isSame(Access from, Access to) {
        if (!to.isElement()) {
            return to.key().equals(from.key());
        }
        boolean fills = !to.key().equals(ELEMENT) && to.key().equals(from.key());
        return from.duplicated() || (fills && conditionalBetween(from.at(), to.at()) && unset.follows(from.at()));
    }

    private void pair(Access from, Access to) {
        boolean checked = conditionalBetween(from.at(), to.at());
        if (!checked && jumps.stream().anyMatch(jump -> jump.at() > from.at() && jump.at() < to.at())) {
            return; // the other branch
        }
        int bits = checked ? Use.CHECK_THEN_ACT : Use.READ_MODIFY_WRITE;
        boolean storesSomethingElse = Use.has(use(to.at()), Use.CONSTANT | Use.FRESH);
        if (bits == Use.CHECK_THEN_ACT) {
            bits |= unset.follows(from.at()) && !given.contains(to.at()) ? Use.DEFAULT_TEST : 0;
        } else if (storesSomethingElse) {
            return; // read for another purpose
        }
        add(from.at(), bits);
        add(to.at(), bits);
    }

    private boolean conditionalBetween(int from, int to) {
        return jumps.stream().anyMatch(jump -> jump.conditional() && jump.at() > from && jump.at() < to);
    }

    private boolean inLoopWithoutWrite(Access read) {
        for (Jump jump : jumps) {
            Integer target = labels.get(jump.to());
            if (target == null || target > jump.at() || read.at() < target || read.at() > jump.at()) {
                continue;
            }
            boolean written = accesses.stream()
                    .anyMatch(other -> other.writes()
                            && !other.isElement()
                            && other.key().equals(read.key())
                            && other.at() >= target
                            && other.at() <= jump.at());
            if (!written) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is in a loop that goes on until a later compare-and-set succeeds. */
    private boolean isTriedAgain(Access read) {
        for (Jump jump : jumps) {
            Integer target = labels.get(jump.to());
            boolean around = target != null && target <= read.at() && read.at() < jump.at();
            if (around && swaps.stream().anyMatch(swap -> swap > read.at() && swap < jump.at())) {
                return true;
            }
        }
        return false;
    }

    private static boolean swaps(String method) {
        boolean own = method.startsWith("cas") && method.length() > 3 && Character.isUpperCase(method.charAt(3));
        return own || method.startsWith("compareAnd") || method.startsWith("weakCompareAnd");
    }

    private void add(int at, int bits) {
        uses.merge(at, bits, (known, more) -> known | more);
    }

    private static boolean isConstant(int opcode) {
        return opcode >= Opcodes.ACONST_NULL && opcode <= Opcodes.LDC;
    }
}
