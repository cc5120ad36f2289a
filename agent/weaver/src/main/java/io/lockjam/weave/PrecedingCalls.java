// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.OpenedClassReader;

/** Puts the hook of a {@link CallSite} before each of its calls; no jump is added, so every frame stays. */
record PrecedingCalls(CallSite site) implements AsmVisitorWrapper.ForDeclaredMethods.MethodVisitorWrapper {
    @Override
    public MethodVisitor wrap(
            TypeDescription instrumentedType,
            MethodDescription instrumentedMethod,
            MethodVisitor methodVisitor,
            Implementation.Context implementationContext,
            TypePool typePool,
            int writerFlags,
            int readerFlags) {
        return new MethodVisitor(OpenedClassReader.ASM_API, methodVisitor) {
            private boolean preceded;

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                CountingVisitor before = new CountingVisitor(mv);
                site.precede(before, owner, name, descriptor);
                preceded |= before.visited;
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }

            @Override
            public void visitMaxs(int maxStack, int maxLocals) {
                super.visitMaxs(preceded ? maxStack + CallSite.STACK : maxStack, maxLocals);
            }
        };
    }

    /** Notes whether anything was inserted. */
    private static final class CountingVisitor extends MethodVisitor {
        boolean visited;

        CountingVisitor(MethodVisitor method) {
            super(OpenedClassReader.ASM_API, method);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            visited = true;
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }
    }
}
