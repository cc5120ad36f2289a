// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.LinkedHashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** The classes whose objects a class keeps in fields or calls: what its threads share is among them. */
public final class UsedTypes {
    private static final int LONGEST_CHAIN = 16;

    private UsedTypes() {}

    /**
     * With their superclasses, whose methods do most of the work; without those that {@code files} does not have, such as the JDK's.
     *
     * @param original a class file
     * @return internal names
     */
    public static Set<String> of(byte[] original, ClassFiles files) {
        ClassReader reader = new ClassReader(original);
        Set<String> named = new LinkedHashSet<>();
        reader.accept(new Named(named), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Set<String> used = new LinkedHashSet<>();
        for (String each : named) {
            String at = each;
            for (int i = 0; at != null && i < LONGEST_CHAIN && !at.equals(reader.getClassName()); i++) {
                byte[] file = at.startsWith("java/") ? null : files.of(at);
                if (file == null || !used.add(at)) {
                    break;
                }
                at = new ClassReader(file).getSuperName();
            }
        }
        return used;
    }

    private static final class Named extends ClassVisitor {
        private final Set<String> named;

        Named(Set<String> named) {
            super(Opcodes.ASM9);
            this.named = named;
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
            Type type = Type.getType(descriptor);
            Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
            if (element.getSort() == Type.OBJECT) {
                named.add(element.getInternalName());
            }
            return null;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String called, String calledDescriptor, boolean isInterface) {
                    if (opcode != Opcodes.INVOKESTATIC && !owner.startsWith("[")) {
                        named.add(owner);
                    }
                }
            };
        }
    }
}
