// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/** Applies one {@link TypeWeave} with Byte Buddy; apart from {@link Weaver}, which has to set a property before. */
final class Loom {
    private static final ByteBuddy BYTE_BUDDY = new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(Implementation.Context.Disabled.Factory.INSTANCE)
            .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE);

    private Loom() {}

    static byte[] weave(TypeWeave weave, byte[] original) {
        ClassFileLocator locator = ClassFileLocator.Simple.of(weave.type(), original);
        TypePool pool = new TypePool.Default.WithLazyResolution(
                TypePool.CacheProvider.NoOp.INSTANCE, locator, TypePool.Default.ReaderMode.FAST);
        TypeDescription type = pool.describe(weave.type()).resolve();
        DynamicType.Builder<?> builder = BYTE_BUDDY.decorate(type, locator);
        for (Advised each : weave.advised()) {
            builder = builder.visit(Advice.to(each.advice()).on(each.method()));
        }
        for (Preceded each : weave.preceded()) {
            builder = builder.visit(
                    new AsmVisitorWrapper.ForDeclaredMethods().method(each.method(), new PrecedingCalls(each.site())));
        }
        try (DynamicType.Unloaded<?> made = builder.make()) {
            return made.getBytes();
        }
    }

    /** Whether any method of the class calls one of our hooks. */
    static boolean callsHooks(byte[] classFile) {
        HookCalls calls = new HookCalls();
        OpenedClassReader.of(classFile).accept(calls, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return calls.found;
    }

    /** Looks for calls of our hooks. */
    private static final class HookCalls extends ClassVisitor {
        boolean found;

        HookCalls() {
            super(OpenedClassReader.ASM_API);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new MethodVisitor(OpenedClassReader.ASM_API) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String name, String type, boolean isInterface) {
                    found |= owner.startsWith(Names.HOOKS);
                }
            };
        }
    }
}
