// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Use;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A field of which its authors say that two threads may fill it. */
final class LazyFieldTest {
    private static final String LAZY_INIT = "Lcom/google/errorprone/annotations/concurrent/LazyInit;";

    private @Nullable Object view;

    Object view() {
        Object known = view;
        if (known == null) {
            known = new Object();
            view = known;
        }
        return known;
    }

    private static byte[] annotated(String annotation) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ClassLoader.getSystemResourceAsStream("io/lockjam/weave/LazyFieldTest.class"))) {
            ClassReader reader = new ClassReader(in.readAllBytes());
            ClassWriter writer = new ClassWriter(0);
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9, writer) {
                        @Override
                        public FieldVisitor visitField(
                                int access,
                                String name,
                                String descriptor,
                                @Nullable String signature,
                                @Nullable Object value) {
                            FieldVisitor field = super.visitField(access, name, descriptor, signature, value);
                            field.visitAnnotation(annotation, false).visitEnd();
                            return field;
                        }
                    },
                    0);
            return writer.toByteArray();
        }
    }

    private static List<Boolean> shared(byte[] file) {
        return Objects.requireNonNull(new FieldProbeWeaver(any -> null).weave(file)).sites().stream()
                .filter(site -> site.target().contains(".view "))
                .map(site -> Use.has(site.use(), Use.IMMUTABLE))
                .toList();
    }

    @Test
    void whatItsAuthorsLetTwoThreadsFillMayBeHandedOver() throws IOException {
        assertThat(shared(annotated(LAZY_INIT))).containsExactly(true, true);
        assertThat(shared(annotated("Ljava/lang/Deprecated;"))).containsExactly(false, false);
    }
}
