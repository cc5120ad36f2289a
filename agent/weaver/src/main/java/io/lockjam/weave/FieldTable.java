// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/** Finds the class that declares a field or method, since an instruction may name a subclass, and how it is declared. */
final class FieldTable {
    private static final int MOST_CLASSES = 2_000;
    private static final int LONGEST_CHAIN = 64;
    private static final int SAFE = Opcodes.ACC_FINAL | Opcodes.ACC_VOLATILE | Opcodes.ACC_SYNTHETIC;

    private static final String LAZY_INIT = "Lcom/google/errorprone/annotations/concurrent/LazyInit;";
    /** Beside the access flags, which are shorter. */
    private static final int LAZY = 1 << 30;

    private final ClassFiles files;
    private final Map<String, Shape> shapes = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Shape> eldest) {
            return size() > MOST_CLASSES;
        }
    };

    FieldTable(ClassFiles files) {
        this.files = files;
    }

    /**
     * What matters of a class file.
     *
     * @param fields access flags by name and descriptor; empty also if it was not found
     * @param methods likewise
     */
    private record Shape(
            @Nullable String superName,
            List<String> interfaces,
            Map<String, Integer> fields,
            Map<String, Integer> methods) {
        static final Shape MISSING = new Shape(null, List.of(), Map.of(), Map.of());
    }

    /** The internal name of the declaring class; null if it cannot be told or the field is final, volatile or synthetic. */
    @Nullable
    String racy(String owner, String name, String descriptor) {
        return declaring(owner, name + " " + descriptor, 0);
    }

    /** Whether those who wrote the class say of a field that two threads may fill it with what is the same, whatever lies in it. */
    synchronized boolean isLazy(String declaring, String name, String descriptor) {
        return (shape(declaring).fields().getOrDefault(name + " " + descriptor, 0) & LAZY) != 0;
    }

    /** The same of a volatile field. */
    @Nullable
    String ordered(String owner, String name, String descriptor) {
        return declaring(owner, name + " " + descriptor, Opcodes.ACC_VOLATILE);
    }

    private synchronized @Nullable String declaring(String owner, String field, int flags) {
        String at = owner;
        for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
            Shape shape = shape(at);
            Integer access = shape.fields().get(field);
            if (access != null) {
                return (access & SAFE) == flags ? at : null;
            }
            at = shape.superName();
        }
        return null;
    }

    /** Whether the field is volatile, or cannot be found and so may be. */
    synchronized boolean maybeVolatile(String owner, String name, String descriptor) {
        String at = owner;
        for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
            Shape shape = shape(at);
            Integer access = shape.fields().get(name + " " + descriptor);
            if (access != null) {
                return (access & Opcodes.ACC_VOLATILE) != 0;
            }
            for (String each : shape.interfaces()) {
                if (shape(each).fields().containsKey(name + " " + descriptor)) {
                    return false; // constants
                }
            }
            at = shape.superName();
        }
        return true;
    }

    /**
     * The class or interface in which a method with code is found.
     *
     * @param known whose class files matter: the search ends at the first other superclass and returns it
     * @return null if there is none: an abstract method
     */
    synchronized @Nullable String declaring(String owner, String name, String descriptor, Predicate<String> known) {
        String at = owner;
        for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
            if (!known.test(at)) {
                return at;
            }
            Integer access = shape(at).methods().get(name + descriptor);
            if (access != null) {
                return (access & Opcodes.ACC_ABSTRACT) == 0 ? at : null;
            }
            at = shape(at).superName();
        }
        return null;
    }

    /** Whether the method that a call finds, or one of a superclass that it may override, is declared to lock its object. */
    synchronized boolean isSynchronized(String owner, String name, String descriptor) {
        String at = owner;
        for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
            Integer access = shape(at).methods().get(name + descriptor);
            if (access != null) {
                return (access & Opcodes.ACC_SYNCHRONIZED) != 0;
            }
            at = shape(at).superName();
        }
        return false;
    }

    /** Whether a record has a component of this name. */
    synchronized boolean isComponent(String owner, String name, String descriptor) {
        Shape shape = shape(owner);
        return "java/lang/Record".equals(shape.superName()) && shape.fields().containsKey(name + " " + descriptor);
    }

    /** Uses these bytes, which the JVM gave us, rather than the file. */
    synchronized void know(String internalName, byte[] bytes) {
        shapes.put(internalName, read(bytes));
    }

    private Shape shape(String internalName) {
        Shape known = shapes.get(internalName);
        if (known == null) {
            byte[] bytes = files.of(internalName);
            known = bytes == null ? Shape.MISSING : read(bytes);
            shapes.put(internalName, known);
        }
        return known;
    }

    private static Shape read(byte[] bytes) {
        Map<String, Integer> fields = new LinkedHashMap<>();
        Map<String, Integer> methods = new LinkedHashMap<>();
        ClassReader reader = new ClassReader(bytes);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public @Nullable FieldVisitor visitField(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            @Nullable Object value) {
                        String field = name + " " + descriptor;
                        fields.put(field, access);
                        return new FieldVisitor(Opcodes.ASM9) {
                            @Override
                            public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                                fields.merge(field, type.equals(LAZY_INIT) ? LAZY : 0, (known, more) -> known | more);
                                return null;
                            }
                        };
                    }

                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        methods.put(name + descriptor, access);
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new Shape(reader.getSuperName(), List.of(reader.getInterfaces()), fields, methods);
    }
}
