// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Probe;
import io.lockjam.boot.Use;
import io.lockjam.weave.FieldProbeWeaver.Place;
import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Puts the probes of {@link ProbeInserter} before changes that depend on a look at the same. */
final class StepInserter {
    private static final String PROBE = "io/lockjam/boot/Probe";
    private static final String STEP = "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/String;I)V";
    private static final String STORE = "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/String;I)V";
    private static final String PART = "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Class;)Ljava/lang/Object;";

    private final MethodVisitor mv;
    private final Place place;
    private final StepScan steps;
    private final List<ProbeSite> sites;
    private final int free;

    /** @param free the first local variable that nothing uses */
    StepInserter(MethodVisitor mv, Place place, StepScan steps, List<ProbeSite> sites, int free) {
        this.mv = mv;
        this.place = place;
        this.steps = steps;
        this.sites = sites;
        this.free = free;
    }

    /** A call of a method of the class, or of one that orders each call by itself, but not what it was asked before. */
    void call(int opcode, String owner, String name, String descriptor, int position, int line) {
        String after = steps.found().ofCall(position);
        Helper helper = steps.helped(position);
        TwoSteps step = after == null || helper != null ? null : TwoSteps.of(owner, name, descriptor);
        Type[] arguments = Type.getArgumentTypes(descriptor);
        if (step != null) {
            Operands.spill(mv, arguments, free);
            String label = owner.substring(owner.lastIndexOf('/') + 1) + "." + name + after;
            boolean store = TwoSteps.isOfStore(owner);
            if (store && !step.keyed()) {
                property(step, steps.isSynchronized(owner, name, descriptor));
            } else {
                call(opcode == Opcodes.INVOKESTATIC, step, arguments);
            }
            if (store) {
                Operands.box(mv, arguments[arguments.length - 1], free); // the last argument
            }
            insert(store ? "store" : "step", store ? STORE : STEP, label, use(label, position) | Use.WRITES, line);
            Operands.refill(mv, arguments, free);
        } else if (helper != null && after != null && place.literals()) {
            Operands.spill(mv, arguments, free);
            String label = helper.told(name) + after;
            help(helper, arguments);
            insert("step", STEP, label, use(label, position) | Use.WRITES, line);
            Operands.refill(mv, arguments, free);
        }
    }

    private void call(boolean isStatic, TwoSteps step, Type[] arguments) {
        if (isStatic) {
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, PROBE, "properties", "()Ljava/lang/Object;", false);
        } else {
            mv.visitInsn(Opcodes.DUP);
        }
        key(arguments, step.keyed() ? 0 : TwoSteps.NONE);
    }

    /** What an object keeps under one name has that as its key. */
    private void property(TwoSteps step, boolean locked) {
        mv.visitInsn(Opcodes.DUP);
        mv.visitLdcInsn((locked ? Probe.LOCKED_PROPERTY : Probe.PROPERTY) + step.part());
    }

    /** The object may be of a subclass that has another method of that name. */
    private void help(Helper helper, Type[] arguments) {
        mv.visitInsn(Opcodes.DUP);
        mv.visitInsn(Opcodes.DUP);
        mv.visitFieldInsn(Opcodes.GETFIELD, helper.fieldOwner(), helper.fieldName(), helper.fieldDescriptor());
        mv.visitLdcInsn(Type.getObjectType(place.className()));
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, PROBE, "part", PART, false);
        key(arguments, helper.key());
    }

    private void key(Type[] arguments, int number) {
        if (number == TwoSteps.NONE) {
            mv.visitInsn(Opcodes.ACONST_NULL);
        } else {
            Operands.box(mv, arguments[number], Operands.local(arguments, number, free));
        }
    }

    /** Before the write of a volatile field; its object is on the stack once more. */
    void field(String label, int use, int line) {
        mv.visitInsn(Opcodes.ACONST_NULL);
        insert("step", STEP, label, use, line);
    }

    /** object, what of it is changed: to nothing. */
    private void insert(String probe, String descriptor, String label, int use, int line) {
        mv.visitLdcInsn(label);
        Operands.push(mv, use);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, PROBE, probe, descriptor, false);
        sites.add(new ProbeSite(place.className(), place.method(), line, label, use));
    }

    /** The number of the site: the same in every run, so that nothing has to be agreed on. */
    int use(String label, int position) {
        int hash = (place.className() + "." + place.method() + "#" + position + label).hashCode();
        return ((hash ^ (hash >>> 12) ^ (hash >>> 24)) & (Use.SITES - 1)) | steps.use(position);
    }
}
