// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Reads a method before it is woven: how each access is used in it, by position.
 *
 * <p>Linear, without data flow: what lies between two instructions in the class file is taken to run between them. The
 * result chooses words in a finding; whether there is a race does not depend on it.
 */
final class MethodScan extends MethodVisitor {
    /**
     * One access.
     *
     * @param key field, or null for an array element
     */
    private record Access(int at, @Nullable String key, boolean writes, boolean duplicated) {}

    private record Jump(int at, Label to, boolean conditional, boolean withDefault) {}

    private final List<Access> accesses = new ArrayList<>();
    private final List<Jump> jumps = new ArrayList<>();
    private final Map<Label, Integer> labels = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();
    private final boolean constructor;
    private final boolean locked;

    private int position;
    private int previous;
    private boolean previousMade;
    private boolean monitor;
    private int maxLocals;
    private boolean optimistic;
    private boolean hasSites;
    private boolean makes;
    private boolean overwritesThis;

    MethodScan(int access, String name) {
        super(Opcodes.ASM9);
        constructor = name.equals("<init>");
        locked = (access & Opcodes.ACC_SYNCHRONIZED) != 0;
        hasSites = locked;
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

    /** Bits of {@link Use} for the access at a position. */
    int use(int at) {
        return uses.getOrDefault(at, 0);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) {
            accesses.add(new Access(position, null, false, previous == Opcodes.DUP2));
            hasSites = true;
        } else if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
            access(null, true, false);
        } else if (opcode == Opcodes.MONITORENTER) {
            monitor = true;
            hasSites = true;
        }
        step(opcode);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        boolean writes = opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC;
        access(owner + "." + name, writes, Fields.immutable(descriptor));
        step(opcode);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        hasSites = true;
        boolean stamped = owner.equals("java/util/concurrent/locks/StampedLock") && name.equals("validate");
        boolean fence = name.endsWith("Fence") && (owner.endsWith("VarHandle") || owner.endsWith("Unsafe"));
        optimistic |= stamped || fence;
        step(opcode);
        previousMade = opcode == Opcodes.INVOKESPECIAL && name.equals("<init>");
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        boolean withDefault = opcode == Opcodes.IFEQ
                || opcode == Opcodes.IFNE
                || opcode == Opcodes.IFNULL
                || opcode == Opcodes.IFNONNULL;
        jumps.add(new Jump(position, label, opcode != Opcodes.GOTO, withDefault));
        step(opcode);
    }

    @Override
    public void visitLabel(Label label) {
        labels.put(label, position);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        makes |= opcode == Opcodes.NEWARRAY;
        step(opcode);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        overwritesThis |= variable == 0 && opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
        step(opcode);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        makes |= opcode == Opcodes.ANEWARRAY;
        step(opcode);
    }

    @Override
    public void visitLdcInsn(Object value) {
        step(Opcodes.LDC);
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
            } else if (inLoopWithoutWrite(access)) {
                add(access.at(), Use.LOOP);
            }
        }
    }

    private void access(@Nullable String key, boolean writes, boolean immutable) {
        hasSites = true;
        accesses.add(new Access(position, key, writes, false));
        int use = writes ? Use.WRITES : 0;
        use |= writes && previousMade ? Use.FRESH : 0;
        use |= writes && isConstant(previous) ? Use.CONSTANT : 0;
        use |= constructor ? Use.CONSTRUCTOR : 0;
        use |= locked || monitor ? Use.LOCKED : 0;
        add(position, use | (immutable ? Use.IMMUTABLE : 0));
    }

    private void step(int opcode) {
        previous = opcode;
        previousMade = false;
        position++;
    }

    /** Joins a write with the last read of the same place before it. */
    private void pair(int write) {
        Access to = accesses.get(write);
        for (int i = write - 1; i >= 0; i--) {
            Access from = accesses.get(i);
            boolean same = to.key() == null ? from.duplicated() : to.key().equals(from.key()) && !from.writes();
            if (!same) {
                continue;
            }
            int bits = conditionalBetween(from.at(), to.at()) ? Use.CHECK_THEN_ACT : Use.READ_MODIFY_WRITE;
            boolean storesSomethingElse = Use.has(use(to.at()), Use.CONSTANT | Use.FRESH);
            if (bits == Use.CHECK_THEN_ACT) {
                bits |= testsDefault(from.at()) ? Use.DEFAULT_TEST : 0;
            } else if (storesSomethingElse) {
                return; // read for another purpose
            }
            add(from.at(), bits);
            add(to.at(), bits);
            return;
        }
    }

    private boolean conditionalBetween(int from, int to) {
        return jumps.stream().anyMatch(jump -> jump.conditional() && jump.at() > from && jump.at() < to);
    }

    private boolean testsDefault(int read) {
        return jumps.stream().anyMatch(jump -> jump.withDefault() && jump.at() > read && jump.at() <= read + 4);
    }

    private boolean inLoopWithoutWrite(Access read) {
        for (Jump jump : jumps) {
            Integer target = labels.get(jump.to());
            if (target == null || target > jump.at() || read.at() < target || read.at() > jump.at()) {
                continue;
            }
            boolean written = accesses.stream()
                    .anyMatch(other -> other.writes()
                            && other.key() != null
                            && other.key().equals(read.key())
                            && other.at() >= target
                            && other.at() <= jump.at());
            if (!written) {
                return true;
            }
        }
        return false;
    }

    private void add(int at, int bits) {
        uses.merge(at, bits, (known, more) -> known | more);
    }

    private static boolean isConstant(int opcode) {
        return opcode >= Opcodes.ACONST_NULL && opcode <= Opcodes.LDC;
    }
}
