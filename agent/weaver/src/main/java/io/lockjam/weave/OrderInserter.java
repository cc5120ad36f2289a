// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.weave.Callees.Way;
import io.lockjam.weave.FieldProbeWeaver.Place;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Tells {@code io.lockjam.boot.Order} what may order threads: monitors, volatile fields, class initialisers, calls of code
 * that is not woven, and where that code calls back.
 *
 * <p>One local variable behind the method's own holds what its begin returned until each of its ends; it is added to every
 * frame after the begin, which is why frames have to come in expanded. Further locals only live around a call.
 */
final class OrderInserter extends MethodVisitor {
    static final String ORDER = "io/lockjam/boot/Order";

    private static final Set<String> HARMLESS_BOOTSTRAPS = Set.of(
            "java/lang/invoke/StringConcatFactory",
            "java/lang/runtime/ObjectMethods",
            "java/lang/runtime/SwitchBootstraps",
            "java/lang/invoke/ConstantBootstraps");

    private final Place place;
    private final MethodScan scan;
    private final FieldTable fields;
    private final Callees callees;
    private final boolean constructor;
    private final boolean hasFrames;
    private final int entry;
    private final CrossingInserter crossings;
    private final Label begin = new Label();
    private final Set<Label> handlers = new HashSet<>();
    /** Objects made and not constructed yet; true for each that a second reference is kept of. */
    private final Deque<Boolean> unconstructed = new ArrayDeque<>();

    private boolean entered;
    private boolean atHandler;
    private boolean justMade;
    private boolean madeBefore;

    OrderInserter(
            MethodVisitor out, Place place, MethodScan scan, FieldTable fields, Callees callees, boolean hasFrames) {
        super(Opcodes.ASM9, out);
        this.place = place;
        this.scan = scan;
        this.fields = fields;
        this.callees = callees;
        this.hasFrames = hasFrames;
        constructor = place.method().equals("<init>");
        entry = scan.maxLocals();
        crossings = new CrossingInserter(out, entry + 1);
    }

    @Override
    public void visitCode() {
        super.visitCode();
        if (!constructor) {
            begin();
        }
    }

    private void begin() {
        boolean initialises = place.method().equals("<clinit>");
        if (constructor || (place.isStatic() && !initialises)) {
            mv.visitLdcInsn(Type.getObjectType(place.className()));
            order("enter", "(Ljava/lang/Class;)Ljava/lang/Object;");
        } else {
            order("enter", "()Ljava/lang/Object;");
        }
        mv.visitVarInsn(Opcodes.ASTORE, entry);
        mv.visitLabel(begin);
        entered = true;
        if (constructor && !scan.overwritesThis()) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            order("made", "(Ljava/lang/Object;)V");
        }
        if (place.isSynchronized() && pushMonitor()) {
            order("acquire", "(Ljava/lang/Object;)V");
        }
    }

    private void end() {
        if (place.method().equals("<clinit>")) {
            mv.visitLdcInsn(Type.getObjectType(place.className()));
            order("initialised", "(Ljava/lang/Class;)V");
        }
        if (place.isSynchronized()) {
            order("release", pushMonitor() ? "(Ljava/lang/Object;)V" : "()V");
        }
        mv.visitVarInsn(Opcodes.ALOAD, entry);
        order("exit", "(Ljava/lang/Object;)V");
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String type) {
        handlers.add(handler);
        super.visitTryCatchBlock(start, end, handler, type);
    }

    @Override
    public void visitLabel(Label label) {
        super.visitLabel(label);
        atHandler |= handlers.contains(label);
    }

    @Override
    public void visitFrame(int type, int count, Object @Nullable [] local, int depth, Object @Nullable [] stack) {
        if (!entered || local == null) {
            super.visitFrame(type, count, local, depth, stack);
            return;
        }
        Object[] wider = Arrays.copyOf(local, count + entry + 1);
        int slots = 0;
        for (int i = 0; i < count; i++) {
            slots += local[i] == Opcodes.LONG || local[i] == Opcodes.DOUBLE ? 2 : 1;
        }
        int at = count;
        for (int slot = slots; slot < entry; slot++) {
            wider[at++] = Opcodes.TOP;
        }
        wider[at++] = "java/lang/Object";
        super.visitFrame(type, at, wider, depth, stack);
    }

    @Override
    public void visitInsn(int opcode) {
        before();
        switch (opcode) {
            case Opcodes.MONITORENTER -> {
                // as javac does: a reference left on the stack there crashes JDK 25 when a virtual thread has to wait
                mv.visitInsn(Opcodes.DUP);
                mv.visitVarInsn(Opcodes.ASTORE, entry + 1);
                mv.visitInsn(opcode);
                mv.visitVarInsn(Opcodes.ALOAD, entry + 1);
                order("acquire", "(Ljava/lang/Object;)V");
                return;
            }
            case Opcodes.MONITOREXIT -> {
                mv.visitInsn(Opcodes.DUP);
                order("release", "(Ljava/lang/Object;)V");
            }
            case Opcodes.IRETURN, Opcodes.LRETURN, Opcodes.FRETURN, Opcodes.DRETURN, Opcodes.ARETURN, Opcodes.RETURN ->
                end();
            case Opcodes.DUP -> keepReference();
            default -> {}
        }
        mv.visitInsn(opcode);
    }

    private void keepReference() {
        if (madeBefore) {
            unconstructed.pop();
            unconstructed.push(true);
        }
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        before();
        boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
        boolean isVolatile = fields.maybeVolatile(owner, name, descriptor);
        if (isStatic) {
            staticField(opcode, owner, name, descriptor, isVolatile);
        } else if (isVolatile && opcode == Opcodes.GETFIELD) {
            mv.visitInsn(Opcodes.DUP);
            mv.visitFieldInsn(opcode, owner, name, descriptor);
            if (Fields.isWide(descriptor)) {
                mv.visitInsn(Opcodes.DUP2_X1);
                mv.visitInsn(Opcodes.POP2);
            } else {
                mv.visitInsn(Opcodes.SWAP);
            }
            order("acquire", "(Ljava/lang/Object;)V");
        } else {
            if (isVolatile && (entered || !constructor)) {
                Operands.copyReceiver(mv, true, Fields.isWide(descriptor));
                order("release", "(Ljava/lang/Object;)V");
            }
            mv.visitFieldInsn(opcode, owner, name, descriptor);
        }
    }

    /** A static field has a clock of its own: its name, which is one object wherever it is written. */
    private void staticField(int opcode, String owner, String name, String descriptor, boolean isVolatile) {
        String label = "static " + owner.replace('/', '.') + "." + name;
        if (isVolatile && opcode == Opcodes.PUTSTATIC) {
            mv.visitLdcInsn(label);
            order("release", "(Ljava/lang/Object;)V");
        }
        mv.visitFieldInsn(opcode, owner, name, descriptor);
        if (isVolatile && opcode == Opcodes.GETSTATIC) {
            mv.visitLdcInsn(label);
            order("acquire", "(Ljava/lang/Object;)V");
        }
        if (callees.isWoven(owner)) {
            mv.visitLdcInsn(Type.getObjectType(owner));
            order("used", "(Ljava/lang/Class;)V");
        }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        before();
        mv.visitTypeInsn(opcode, type);
        if (opcode == Opcodes.NEW) {
            unconstructed.push(false);
            justMade = true;
        } else if (opcode == Opcodes.ANEWARRAY) {
            made();
        }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        before();
        mv.visitIntInsn(opcode, operand);
        if (opcode == Opcodes.NEWARRAY) {
            made();
        }
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        before();
        mv.visitMultiANewArrayInsn(descriptor, dimensions);
        made();
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        before();
        Way way = callees.way(opcode, owner, name, descriptor);
        Type[] arguments = Type.getArgumentTypes(descriptor);
        int call = crossings.leave(way, arguments);
        mv.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        crossings.back(way, call, Type.getReturnType(descriptor));
        if (name.equals("<init>")) {
            constructed(owner);
        } else if (owner.startsWith("[") || (owner.equals("java/util/Arrays") && name.startsWith("copyOf"))) {
            made();
        }
    }

    private void constructed(String owner) {
        if (!unconstructed.isEmpty()) {
            if (unconstructed.pop() && UnsafeCalls.knows(owner)) {
                made();
            }
        } else if (constructor && !entered) {
            begin();
        }
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
        before();
        boolean function = bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory");
        boolean leaves = !function && !HARMLESS_BOOTSTRAPS.contains(bootstrap.getOwner());
        Way way = leaves ? Way.ANYTHING : Way.STAY;
        int call = crossings.leave(way, Type.getArgumentTypes(descriptor));
        mv.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        crossings.back(way, call, Type.VOID_TYPE);
        if (function && arguments.length > 1 && arguments[1] instanceof Handle body) {
            if (callees.isForeign(body.getOwner(), body.getName(), body.getDesc())) {
                mv.visitInsn(Opcodes.DUP);
                order("foreign", "(Ljava/lang/Object;)V");
            }
        }
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        before();
        mv.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        before();
        mv.visitVarInsn(opcode, variable);
    }

    @Override
    public void visitLdcInsn(Object value) {
        before();
        mv.visitLdcInsn(value);
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        before();
        mv.visitIincInsn(variable, increment);
    }

    @Override
    public void visitTableSwitchInsn(int least, int most, Label otherwise, Label... labels) {
        before();
        mv.visitTableSwitchInsn(least, most, otherwise, labels);
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
        before();
        mv.visitLookupSwitchInsn(otherwise, keys, labels);
    }

    /** Around all that follows the begin, and after all other handlers: what leaves the method by an exception. */
    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        if (entered) {
            Label handler = new Label();
            mv.visitTryCatchBlock(begin, handler, handler, null);
            mv.visitLabel(handler);
            if (hasFrames) {
                Object[] locals = new Object[entry + 1];
                Arrays.fill(locals, Opcodes.TOP);
                locals[entry] = "java/lang/Object";
                mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
            }
            mv.visitVarInsn(Opcodes.ALOAD, entry);
            order("thrown", "(Ljava/lang/Object;)V");
            mv.visitInsn(Opcodes.ATHROW);
        }
        super.visitMaxs(maxStack, maxLocals);
    }

    /** Before each instruction; the first one of a handler is told. */
    private void before() {
        madeBefore = justMade;
        justMade = false;
        if (atHandler) {
            atHandler = false;
            order("caught", "()V");
        }
    }

    private boolean pushMonitor() {
        if (place.isStatic()) {
            mv.visitLdcInsn(Type.getObjectType(place.className()));
        } else if (!scan.overwritesThis()) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        }
        return place.isStatic() || !scan.overwritesThis();
    }

    private void made() {
        mv.visitInsn(Opcodes.DUP);
        order("made", "(Ljava/lang/Object;)V");
    }

    private void order(String method, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, ORDER, method, descriptor, false);
    }
}
