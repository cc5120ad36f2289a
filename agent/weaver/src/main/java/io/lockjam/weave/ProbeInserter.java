// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import io.lockjam.weave.FieldProbeWeaver.Place;
import java.util.List;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Copies a method and puts the probes in; the stack is the same after each, and no branch is added. */
final class ProbeInserter extends MethodVisitor {
    private static final String LOCK_PROBE = "io/lockjam/boot/LockProbe";
    private static final String REENTRANT_LOCK = "java/util/concurrent/locks/ReentrantLock";
    private static final String ARGUMENT_SITE = "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/String;I)V";
    private static final String OBJECT_SITE = "(Ljava/lang/Object;Ljava/lang/String;I)V";
    private static final String TWO_OBJECTS =
            "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/String;Ljava/lang/String;)V";
    /** Between the name of a call and the place of the method reference that leads to it. */
    private static final String REFERRED_AT = "@";

    private static final String OBJECT_PLACE = "(Ljava/lang/Object;Ljava/lang/String;)V";

    private final Place place;
    private final MethodScan scan;
    private final StepScan steps;
    private final FieldTable fields;
    private final List<ProbeSite> sites;
    private final String probes;
    private final boolean predicts;
    private final int free;
    private final StepInserter inserter;

    private int position;
    private int line;
    /** In a constructor: objects made and not constructed yet; this itself is one until super() returns. */
    private int unconstructed;

    private boolean constructed;
    /** Where the last new lock was made, and whether a second reference is kept of it, to be told when it is constructed. */
    private int lockMadeAt = Integer.MIN_VALUE;

    private boolean lockKept;

    /** @param predicts whether accesses are compared with earlier ones, too, and the local after the last is taken */
    ProbeInserter(
            MethodVisitor out,
            Place place,
            StepScan steps,
            FieldTable fields,
            List<ProbeSite> sites,
            boolean predicts) {
        super(Opcodes.ASM9, out);
        this.steps = steps;
        scan = steps.method();
        this.predicts = predicts;
        probes = "io/lockjam/boot/" + (predicts ? "Predict" : "Probe");
        free = scan.maxLocals() + (predicts ? 1 : 0);
        this.place = place;
        this.fields = fields;
        this.sites = sites;
        inserter = new StepInserter(out, place, steps, sites, free);
        constructed = !place.method().equals("<init>");
    }

    @Override
    public void visitCode() {
        super.visitCode();
        if (place.isSynchronized()) {
            begin();
            if (pushOwnMonitor()) {
                lockProbe("monitor", "lock");
            }
        }
    }

    /** What is put before the first line would have none. */
    private void begin() {
        line = steps.firstLine();
        if (line > 0) {
            Label start = new Label();
            mv.visitLabel(start);
            mv.visitLineNumber(line, start);
        }
    }

    @Override
    public void visitLineNumber(int number, Label start) {
        line = number;
        super.visitLineNumber(number, start);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        String declaring = probed() && !owner.startsWith("[") ? fields.racy(owner, name, descriptor) : null;
        if (declaring != null) {
            String label = declaring.replace('/', '.') + "." + name + " " + descriptor;
            boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
            if (!isStatic) {
                Operands.copyReceiver(mv, opcode == Opcodes.PUTFIELD, Fields.isWide(descriptor));
                site(label, "field", OBJECT_SITE);
            } else if (place.literals()) {
                mv.visitLdcInsn(Type.getObjectType(owner));
                site(label, "staticField", "(Ljava/lang/Class;Ljava/lang/String;I)V");
            } else {
                mv.visitLdcInsn(owner.replace('/', '.'));
                site(label, "staticField", "(Ljava/lang/String;Ljava/lang/String;I)V");
            }
        } else if (probed() && (opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC)) {
            fieldStep(opcode, owner, name, descriptor);
        }
        super.visitFieldInsn(opcode, owner, name, descriptor);
        position++;
    }

    /** A volatile field is ordered, but not what was read of it together with what is written. */
    private void fieldStep(int opcode, String owner, String name, String descriptor) {
        String declaring = fields.ordered(owner, name, descriptor);
        int does = declaring == null ? 0 : steps.found().ofField(position);
        if (declaring == null || does == 0 || (opcode == Opcodes.PUTSTATIC && !place.literals())) {
            return;
        }
        if (opcode == Opcodes.PUTFIELD) {
            Operands.copyReceiver(mv, true, Fields.isWide(descriptor));
        } else {
            mv.visitLdcInsn(Type.getObjectType(owner));
        }
        String label = declaring.replace('/', '.') + "." + name + " " + descriptor;
        int linear = Use.READ_MODIFY_WRITE | Use.CHECK_THEN_ACT | Use.DEFAULT_TEST;
        inserter.field(label, (use(label) & ~linear) | does | Use.ORDERED, line);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode == Opcodes.MONITORENTER) {
            mv.visitInsn(Opcodes.DUP);
            lockProbe("monitor", "lock");
        } else if (opcode == Opcodes.MONITOREXIT) {
            mv.visitInsn(Opcodes.DUP);
            release();
        } else if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
            if (place.isSynchronized() && pushOwnMonitor()) {
                release();
            }
        } else if (probed()) {
            element(opcode);
        }
        lockKept |= opcode == Opcodes.DUP && position == lockMadeAt + 1;
        super.visitInsn(opcode);
        position++;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        int does = probed() ? ArgumentCalls.use(opcode, owner, name, descriptor) : ArgumentCalls.NONE;
        if (does != ArgumentCalls.NONE) {
            argument(opcode, owner, name, does);
        }
        LockCall gate = steps.gate(position);
        if (gate != null) {
            gate(gate, Type.getArgumentTypes(descriptor));
        }
        if (opcode == Opcodes.INVOKEVIRTUAL || opcode == Opcodes.INVOKEINTERFACE) {
            if (UnsafeCalls.mayNestLocks(owner, name, descriptor)) {
                mv.visitInsn(Opcodes.DUP2);
                mv.visitLdcInsn(name);
                mv.visitLdcInsn(place.site(line));
                mv.visitMethodInsn(Opcodes.INVOKESTATIC, LOCK_PROBE, "nest", TWO_OBJECTS, false);
                sites.add(new ProbeSite(place.className(), place.method(), line, "lock", 0));
            }
            call(owner, name, descriptor);
        } else if (opcode == Opcodes.INVOKESPECIAL && name.equals("<init>")) {
            constructed |= unconstructed == 0;
            unconstructed = Math.max(0, unconstructed - 1);
        } else if (opcode == Opcodes.INVOKESPECIAL && !isInterface && UnsafeCalls.knows(owner)) {
            superCall(owner, name, descriptor);
        }
        if (probed() && !name.equals("<init>")) {
            inserter.call(opcode, owner, name, descriptor, position, line);
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        if (gate == LockCall.PASS) {
            mv.visitInsn(Opcodes.DUP);
            mv.visitVarInsn(Opcodes.ALOAD, Operands.local(Type.getArgumentTypes(descriptor), -1, free));
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, LOCK_PROBE, "passed", "(ZLjava/lang/Object;)V", false);
        }
        if (lockKept && owner.equals(REENTRANT_LOCK) && name.equals("<init>")) {
            lockKept = false;
            mv.visitInsn(Opcodes.DUP);
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, LOCK_PROBE, "made", "(Ljava/lang/Object;)V", false);
        }
        position++;
    }

    /** Keeps what may be passed until it is known, or lets it go. */
    private void gate(LockCall gate, Type[] arguments) {
        Operands.spill(mv, arguments, free);
        mv.visitInsn(Opcodes.DUP);
        if (gate == LockCall.PASS) {
            mv.visitVarInsn(Opcodes.ASTORE, Operands.local(arguments, -1, free));
        } else {
            release();
        }
        Operands.refill(mv, arguments, free);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        if (opcode == Opcodes.NEW && !constructed) {
            unconstructed++;
        }
        if (opcode == Opcodes.NEW && type.equals(REENTRANT_LOCK)) {
            lockMadeAt = position;
        }
        super.visitTypeInsn(opcode, type);
        position++;
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        super.visitJumpInsn(opcode, label);
        position++;
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        super.visitIntInsn(opcode, operand);
        position++;
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        super.visitVarInsn(opcode, variable);
        position++;
    }

    @Override
    public void visitLdcInsn(Object value) {
        super.visitLdcInsn(value);
        position++;
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        super.visitIincInsn(variable, increment);
        position++;
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
        Handle body = predicts || !probed() ? null : MethodReferences.of(descriptor, bootstrap, arguments);
        if (body == null) {
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        } else {
            reference(name, descriptor, bootstrap, arguments, body);
        }
        position++;
    }

    /** The call will be made by the JDK, and elsewhere: it is told at the line that hands it on. */
    private void reference(String name, String descriptor, Handle bootstrap, Object[] arguments, Handle body) {
        String owner = body.getOwner();
        String label = owner.substring(owner.lastIndexOf('/') + 1) + "." + body.getName();
        int use = use(label) | UnsafeCalls.use(owner, body.getName(), body.getDesc());
        mv.visitLdcInsn(label);
        mv.visitLdcInsn(label + REFERRED_AT + place.site(line));
        push(use);
        Object[] probed = arguments.clone();
        probed[1] = MethodReferences.probed(body);
        super.visitInvokeDynamicInsn(name, MethodReferences.taking(descriptor, body), bootstrap, probed);
        sites.add(new ProbeSite(place.className(), place.method(), line, label, use));
    }

    /** Before super() the receiver of a PUTFIELD may be this unconstructed, which no method takes. */
    private boolean probed() {
        return constructed && !scan.optimistic();
    }

    private void element(int opcode) {
        boolean load = opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD;
        boolean store = opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE;
        if (load) {
            mv.visitInsn(Opcodes.DUP2);
        } else if (opcode == Opcodes.LASTORE || opcode == Opcodes.DASTORE) {
            mv.visitInsn(Opcodes.DUP2_X2);
            mv.visitInsn(Opcodes.POP2);
            mv.visitInsn(Opcodes.DUP2_X2);
        } else if (store) {
            mv.visitInsn(Opcodes.DUP_X2);
            mv.visitInsn(Opcodes.POP);
            mv.visitInsn(Opcodes.DUP2_X1);
        }
        if (load || store) {
            int use = use("[]");
            push(use);
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, probes, "element", "(Ljava/lang/Object;II)V", false);
            sites.add(new ProbeSite(place.className(), place.method(), line, "[]", use));
        }
    }

    private void call(String owner, String name, String descriptor) {
        LockCall lock = LockCall.of(owner, name, descriptor);
        int does = lock == null && probed() ? UnsafeCalls.use(owner, name, descriptor) : -1;
        boolean later = name.equals("stream") && !scan.drains(position);
        if (lock == null && (does < 0 || later)) {
            return;
        }
        Type[] arguments = Type.getArgumentTypes(descriptor);
        Operands.spill(mv, arguments, free);
        mv.visitInsn(Opcodes.DUP);
        if (lock == LockCall.RELEASE) {
            release();
        } else if (lock != null) {
            lockProbe(lock == LockCall.TRY ? "tryLock" : "lock", "lock");
        } else {
            callProbe(UnsafeCalls.unshared(owner) ? "unshared" : "call", owner, name, does);
        }
        Operands.refill(mv, arguments, free);
    }

    /** What overrides a method of a class that is not thread-safe may have a lock of its own: it is taken by now. */
    private void superCall(String owner, String name, String descriptor) {
        int does = probed() ? UnsafeCalls.use(owner, name, descriptor) : -1;
        if (does >= 0 && !name.equals("stream")) {
            Type[] arguments = Type.getArgumentTypes(descriptor);
            Operands.spill(mv, arguments, free);
            mv.visitInsn(Opcodes.DUP);
            callProbe("superCall", owner, name, does);
            Operands.refill(mv, arguments, free);
        }
    }

    /** The argument is on top: [receiver, ]argument. */
    private void argument(int opcode, String owner, String name, int does) {
        if (opcode == Opcodes.INVOKESPECIAL || opcode == Opcodes.INVOKESTATIC) {
            mv.visitInsn(Opcodes.ACONST_NULL);
            mv.visitInsn(Opcodes.SWAP);
            mv.visitInsn(Opcodes.DUP_X1);
        } else {
            mv.visitInsn(Opcodes.DUP2);
        }
        String label = owner.substring(owner.lastIndexOf('/') + 1) + "." + name + ArgumentCalls.MARK;
        int use = use(label) | does;
        mv.visitLdcInsn(label);
        push(use);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, probes, "argument", ARGUMENT_SITE, false);
        sites.add(new ProbeSite(place.className(), place.method(), line, label, use));
    }

    private void callProbe(String probe, String owner, String name, int does) {
        String label = owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
        int use = use(label) | does;
        mv.visitLdcInsn(label);
        push(use);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, probes, probe, OBJECT_SITE, false);
        sites.add(new ProbeSite(place.className(), place.method(), line, label, use));
    }

    private boolean pushOwnMonitor() {
        if (!place.isStatic()) {
            if (!scan.overwritesThis()) {
                mv.visitVarInsn(Opcodes.ALOAD, 0);
            }
            return !scan.overwritesThis();
        }
        if (place.literals()) {
            mv.visitLdcInsn(Type.getObjectType(place.className()));
        }
        return place.literals();
    }

    private void site(String label, String probe, String descriptor) {
        int use = use(label);
        mv.visitLdcInsn(label);
        push(use);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, probes, probe, descriptor, false);
        sites.add(new ProbeSite(place.className(), place.method(), line, label, use));
    }

    private void lockProbe(String probe, String target) {
        mv.visitLdcInsn(place.site(line));
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, LOCK_PROBE, probe, OBJECT_PLACE, false);
        sites.add(new ProbeSite(place.className(), place.method(), line, target, 0));
    }

    private void release() {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, LOCK_PROBE, "release", "(Ljava/lang/Object;)V", false);
    }

    private int use(String label) {
        return inserter.use(label, position);
    }

    private void push(int value) {
        Operands.push(mv, value);
    }
}
