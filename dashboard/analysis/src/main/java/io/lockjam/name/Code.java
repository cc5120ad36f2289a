// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Parsed classes, with the bytecode index of each instruction; the last few hundred are kept. */
final class Code {
    private static final int MOST_CLASSES = 256;

    /** Longer methods are not analysed: time and memory grow with instructions times locals. */
    static final int LONGEST_METHOD = 8_000;

    private final ClassBytes bytes;
    private final Map<String, Optional<Parsed>> classes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Parsed>> eldest) {
            return size() > MOST_CLASSES;
        }
    };

    /**
     * One class.
     *
     * @param indexes bytecode index of each instruction
     */
    record Parsed(ClassNode node, Map<AbstractInsnNode, Integer> indexes) {
        /** With dots. */
        String name() {
            return node.name.replace('/', '.');
        }

        List<MethodNode> methods(String name, @Nullable String descriptor) {
            return node.methods.stream()
                    .filter(method ->
                            method.name.equals(name) && (descriptor == null || method.desc.equals(descriptor)))
                    .toList();
        }

        @Nullable
        FieldNode field(String name) {
            return node.fields.stream()
                    .filter(field -> field.name.equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * A frame whose code is known.
     *
     * @param index in its stack
     */
    record Place(Parsed type, int index) {}

    Code(ClassBytes bytes) {
        this.bytes = bytes;
    }

    /** The innermost frame that is not the JDK's, which has called into the JDK; null if there is none, or no class file of it. */
    @Nullable
    Place caller(List<Frame> frames) {
        int index = 0;
        while (index < frames.size() && frames.get(index).isJdk()) {
            index++;
        }
        Parsed type = index == 0 || index == frames.size()
                ? null
                : parsed(frames.get(index).className());
        return type == null ? null : new Place(type, index);
    }

    /** @param className with dots; null if there is no class file, or a damaged one */
    @Nullable
    Parsed parsed(String className) {
        Optional<Parsed> known = classes.get(className);
        if (known == null) {
            known = Optional.ofNullable(parse(className));
            classes.put(className, known);
        }
        return known.orElse(null);
    }

    /** Class files that were not to be had may be now. */
    void askAnew() {
        classes.values().removeIf(Optional::isEmpty);
    }

    /**
     * The instructions a frame may stand at: the one at its bytecode index, if that lies on its line, else all of its line, else all of the method. In a
     * class that was woven the index is that of other code than the class file's. A thread that was in a method when its class was redefined has no line there
     * any more.
     */
    static List<AbstractInsnNode> at(Parsed type, MethodNode method, Frame frame) {
        return at(type, method, frame, each -> true);
    }

    /** Of these only such as are wanted: with them it takes more than the same line for an index of other code to mislead. */
    static List<AbstractInsnNode> at(Parsed type, MethodNode method, Frame frame, Predicate<AbstractInsnNode> wanted) {
        List<AbstractInsnNode> able =
                onLine(method, frame.line()).stream().filter(wanted).toList();
        List<AbstractInsnNode> exact =
                able.stream().filter(each -> isAt(type, each, frame)).toList();
        return exact.isEmpty() ? able : exact;
    }

    /** The instructions at which the thread may stand in the method of a frame: as a rule the call of the next inner frame's method. */
    static List<Integer> stands(Parsed type, MethodNode method, List<Frame> frames, int index) {
        Frame frame = frames.get(index);
        String callee = index == 0 ? "" : frames.get(index - 1).method();
        List<AbstractInsnNode> stands = at(
                type,
                method,
                frame,
                each -> index == 0
                        ? each.getOpcode() == Opcodes.MONITORENTER
                        : each instanceof MethodInsnNode call && call.name.equals(callee));
        List<AbstractInsnNode> line = at(type, method, frame);
        boolean enters = index == 0 && (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
        if (stands.isEmpty() && enters && !line.isEmpty()) {
            return List.of(0);
        }
        return (stands.isEmpty() ? line : stands)
                .stream().map(method.instructions::indexOf).toList();
    }

    static boolean isAt(Parsed type, AbstractInsnNode instruction, Frame frame) {
        return frame.bytecodeIndex() >= 0
                && frame.bytecodeIndex() == type.indexes().getOrDefault(instruction, -1);
    }

    /** The instructions of a line, in order; those of the whole method if the line is not known. */
    static List<AbstractInsnNode> onLine(MethodNode method, int wanted) {
        List<AbstractInsnNode> found = new ArrayList<>();
        int line = -1;
        for (AbstractInsnNode each : method.instructions) {
            line = each instanceof LineNumberNode number ? number.line : line;
            if (each.getOpcode() >= 0 && (wanted <= 0 || wanted == line)) {
                found.add(each);
            }
        }
        return found;
    }

    /** The monitor enters that end just before a line begins: in interpreted frames JFR gives the index behind (17 and 25). */
    static List<AbstractInsnNode> entersBefore(MethodNode method, int wanted) {
        List<AbstractInsnNode> found = new ArrayList<>();
        AbstractInsnNode before = null;
        int line = -1;
        for (AbstractInsnNode each : method.instructions) {
            boolean begins = each instanceof LineNumberNode number && number.line == wanted && line != wanted;
            line = each instanceof LineNumberNode number ? number.line : line;
            if (begins && before != null && before.getOpcode() == Opcodes.MONITORENTER) {
                found.add(before);
            }
            before = each.getOpcode() >= 0 ? each : before;
        }
        return found;
    }

    /** The class that declares a field, as far as class files tell; the given one if they do not. */
    String declaring(String className, String field) {
        String at = className;
        for (int depth = 0; depth < 20; depth++) {
            Parsed type = parsed(at);
            if (type == null) {
                return className;
            }
            if (type.node().fields.stream().anyMatch(each -> each.name.equals(field))) {
                return at;
            }
            for (String each : type.node().interfaces) {
                Parsed constants = parsed(each.replace('/', '.'));
                if (constants != null && constants.node().fields.stream().anyMatch(own -> own.name.equals(field))) {
                    return each.replace('/', '.');
                }
            }
            if (type.node().superName == null) {
                return className;
            }
            at = type.node().superName.replace('/', '.');
        }
        return className;
    }

    private @Nullable Parsed parse(String className) {
        byte[] file = bytes.of(className);
        if (file == null) {
            return null;
        }
        try {
            ClassNode node = new ClassNode();
            IdentityHashMap<AbstractInsnNode, Integer> indexes = new IdentityHashMap<>();
            IndexedReader reader = new IndexedReader(file);
            reader.accept(new Indexing(node, reader, indexes), ClassReader.SKIP_FRAMES);
            return new Parsed(node, indexes);
        } catch (RuntimeException damaged) {
            return null;
        }
    }

    /** Tells the bytecode index of the instruction that is being visited: ASM calls {@code readBytecodeInstructionOffset}. */
    private static final class IndexedReader extends ClassReader {
        private int index;

        IndexedReader(byte[] file) {
            super(file);
        }

        @Override
        protected void readBytecodeInstructionOffset(int offset) {
            index = offset;
        }
    }

    /** Notes the index of each instruction that a method node gains. */
    private static final class Indexing extends ClassVisitor {
        private final ClassNode node;
        private final IndexedReader reader;
        private final Map<AbstractInsnNode, Integer> indexes;

        Indexing(ClassNode node, IndexedReader reader, Map<AbstractInsnNode, Integer> indexes) {
            super(Opcodes.ASM9, node);
            this.node = node;
            this.reader = reader;
            this.indexes = indexes;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            String[] thrown = exceptions == null ? new String[0] : exceptions;
            IndexedMethod method = new IndexedMethod(access, name, descriptor, signature, thrown, reader, indexes);
            node.methods.add(method);
            return method;
        }
    }

    /** A method node whose instruction list tells what is added. */
    private static final class IndexedMethod extends MethodNode {
        private final IndexedReader reader;
        private final Map<AbstractInsnNode, Integer> indexes;

        IndexedMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String[] exceptions,
                IndexedReader reader,
                Map<AbstractInsnNode, Integer> indexes) {
            super(Opcodes.ASM9, access, name, descriptor, signature, exceptions);
            this.reader = reader;
            this.indexes = indexes;
        }

        @Override
        public void visitInsn(int opcode) {
            super.visitInsn(opcode);
            note();
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean inInterface) {
            super.visitMethodInsn(opcode, owner, name, descriptor, inInterface);
            note();
        }

        private void note() {
            AbstractInsnNode last = instructions.getLast();
            if (last != null) {
                indexes.put(last, reader.index);
            }
        }
    }
}
