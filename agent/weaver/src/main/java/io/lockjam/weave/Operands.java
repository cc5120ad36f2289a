// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Reaches what lies below other values on the stack. */
final class Operands {
    private Operands() {}

    /** object[, value] to object[, value], object. */
    static void copyReceiver(MethodVisitor mv, boolean below, boolean wide) {
        if (!below) {
            mv.visitInsn(Opcodes.DUP);
        } else if (wide) {
            mv.visitInsn(Opcodes.DUP2_X1);
            mv.visitInsn(Opcodes.POP2);
            mv.visitInsn(Opcodes.DUP_X2);
        } else {
            mv.visitInsn(Opcodes.DUP2);
            mv.visitInsn(Opcodes.POP);
        }
    }

    /** Puts the arguments into locals that no frame knows, to reach the receiver below them. */
    static void spill(MethodVisitor mv, Type[] arguments, int free) {
        int local = free;
        for (int i = arguments.length - 1; i >= 0; i--) {
            mv.visitVarInsn(arguments[i].getOpcode(Opcodes.ISTORE), local);
            local += arguments[i].getSize();
        }
    }

    static void refill(MethodVisitor mv, Type[] arguments, int free) {
        int local = free;
        for (Type argument : arguments) {
            local += argument.getSize();
        }
        for (Type argument : arguments) {
            local -= argument.getSize();
            mv.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
        }
    }

    /** Loads a reference, or a number or truth value as an object. */
    static void box(MethodVisitor mv, Type type, int local) {
        mv.visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
        String wrapper = switch (type.getSort()) {
            case Type.BOOLEAN -> "Boolean";
            case Type.BYTE -> "Byte";
            case Type.CHAR -> "Character";
            case Type.SHORT -> "Short";
            case Type.INT -> "Integer";
            case Type.LONG -> "Long";
            case Type.FLOAT -> "Float";
            case Type.DOUBLE -> "Double";
            default -> "";
        };
        if (!wrapper.isEmpty()) {
            String owner = "java/lang/" + wrapper;
            String descriptor = "(" + type.getDescriptor() + ")L" + owner + ";";
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, owner, "valueOf", descriptor, false);
        }
    }

    /** The local that an argument was put into; for -1 the first that they leave free. */
    static int local(Type[] arguments, int number, int free) {
        int local = free;
        for (int i = arguments.length - 1; i > number; i--) {
            local += arguments[i].getSize();
        }
        return local;
    }

    static void push(MethodVisitor mv, int value) {
        if (value == (short) value) {
            mv.visitIntInsn(Opcodes.SIPUSH, value);
        } else {
            mv.visitLdcInsn(value);
        }
    }
}
