// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.weave.Callees.Way;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Puts around a call that leaves the woven code what tells of it: its receiver and its arguments before, its end after. */
final class CrossingInserter {
    private static final String CROSSING = "Lio/lockjam/boot/Crossing;";

    private final MethodVisitor mv;
    private final int free;

    /** @param free the first local variable that nobody uses; no frame knows of it and those behind */
    CrossingInserter(MethodVisitor mv, int free) {
        this.mv = mv;
        this.free = free;
    }

    /** Puts the begin of the crossing before a call; returns the local it is in, or -1 if there is none. */
    int leave(Way way, Type[] arguments) {
        if (way == Way.STAY) {
            return -1;
        }
        int[] locals = spill(arguments);
        int call = locals[arguments.length];
        switch (way) {
            case OBJECT, START -> onReceiver("leave");
            case MONITOR -> onReceiver("leaveMonitor");
            case TASK -> order("leaveTask", "()" + CROSSING);
            case ANYTHING -> order("leave", "()" + CROSSING);
            case ARGUMENTS, STAY -> mv.visitInsn(Opcodes.ACONST_NULL);
        }
        mv.visitVarInsn(Opcodes.ASTORE, call);
        for (int i = 0; i < arguments.length; i++) {
            if (Callees.matters(arguments[i])) {
                mv.visitVarInsn(Opcodes.ALOAD, call);
                mv.visitVarInsn(Opcodes.ALOAD, locals[i]);
                order("with", "(" + CROSSING + "Ljava/lang/Object;)" + CROSSING);
                mv.visitVarInsn(Opcodes.ASTORE, call);
            }
        }
        if (way == Way.START) {
            mv.visitInsn(Opcodes.DUP);
            mv.visitVarInsn(Opcodes.ALOAD, call);
            mv.visitInsn(Opcodes.SWAP);
            order("goStart", "(" + CROSSING + "Ljava/lang/Object;)V");
        } else {
            mv.visitVarInsn(Opcodes.ALOAD, call);
            order("go", "(" + CROSSING + ")V");
        }
        for (int i = 0; i < arguments.length; i++) {
            mv.visitVarInsn(arguments[i].getOpcode(Opcodes.ILOAD), locals[i]);
        }
        return call;
    }

    /** Puts the arguments into locals that no frame knows; returns these, and one more. */
    private int[] spill(Type[] arguments) {
        int[] locals = new int[arguments.length + 1];
        int local = free;
        for (int i = arguments.length - 1; i >= 0; i--) {
            locals[i] = local;
            mv.visitVarInsn(arguments[i].getOpcode(Opcodes.ISTORE), local);
            local += arguments[i].getSize();
        }
        locals[arguments.length] = local;
        return locals;
    }

    private void onReceiver(String method) {
        mv.visitInsn(Opcodes.DUP);
        order(method, "(Ljava/lang/Object;)" + CROSSING);
    }

    void back(Way way, int call, Type result) {
        if (call < 0) {
            return;
        }
        mv.visitVarInsn(Opcodes.ALOAD, call);
        order(way == Way.START || way == Way.TASK ? "backStart" : "back", "(" + CROSSING + ")V");
        if (result.getSort() == Type.OBJECT && result.getInternalName().startsWith("java/util/")) {
            mv.visitInsn(Opcodes.DUP);
            mv.visitVarInsn(Opcodes.ALOAD, call);
            mv.visitInsn(Opcodes.SWAP);
            order("result", "(" + CROSSING + "Ljava/lang/Object;)V");
        }
    }

    private void order(String method, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, OrderInserter.ORDER, method, descriptor, false);
    }
}
