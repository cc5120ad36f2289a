// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** The classes that lie in one file with the one that has something: all that can use it if it is kept private. */
final class Nest {
    private static final String THIS = " (this)";

    private static final int FOR_ALL = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    private Nest() {}

    /** That of the class that a name begins with, else of the innermost method of the application. */
    static List<Code.Parsed> of(Code code, Stack waiter, String name) {
        String owner = name.substring(
                0, Math.max(0, name.endsWith(THIS) ? name.length() - THIS.length() : name.lastIndexOf('.')));
        String around = code.parsed(owner) != null
                ? owner
                : waiter.site().map(Frame::className).orElse("");
        int inner = around.indexOf('$');
        Code.Parsed outer = code.parsed(inner < 0 ? around : around.substring(0, inner));
        if (outer == null) {
            return List.of();
        }
        List<Code.Parsed> all = new ArrayList<>(List.of(outer));
        for (InnerClassNode each : outer.node().innerClasses) {
            Code.Parsed nested =
                    each.name.startsWith(outer.node().name + "$") ? code.parsed(each.name.replace('/', '.')) : null;
            if (nested != null) {
                all.add(nested);
            }
        }
        return all;
    }

    /** The same with the tasks and threads that these make objects of, which may be handed what they use. */
    static List<Code.Parsed> withTasks(Code code, Stack waiter, String name) {
        Map<String, Code.Parsed> all = new LinkedHashMap<>();
        for (Code.Parsed type : of(code, waiter, name)) {
            all.put(type.name(), type);
            for (MethodNode method : type.node().methods) {
                for (AbstractInsnNode each : method.instructions) {
                    Code.Parsed made = each instanceof TypeInsnNode fresh
                                    && fresh.getOpcode() == Opcodes.NEW
                                    && !fresh.desc.startsWith("java/")
                            ? code.parsed(fresh.desc.replace('/', '.'))
                            : null;
                    if (made != null && isRun(made)) {
                        all.putIfAbsent(made.name(), made);
                    }
                }
            }
        }
        return List.copyOf(all.values());
    }

    private static boolean isRun(Code.Parsed type) {
        return !type.methods("run", "()V").isEmpty()
                || !type.methods("call", null).isEmpty();
    }

    /**
     * Whether code outside of these classes may get hold of what a field has: anybody may use the field, or its class gives such a thing back.
     *
     * @param types descriptors of such things
     */
    static boolean isOpen(List<Code.Parsed> nest, String name, Predicate<String> types) {
        return nest.stream()
                .filter(type -> name.startsWith(type.name() + ".")
                        && type.field(name.substring(type.name().length() + 1)) != null)
                .anyMatch(type -> isOpen(type, name.substring(type.name().length() + 1), types));
    }

    private static boolean isOpen(Code.Parsed type, String field, Predicate<String> types) {
        FieldNode known = type.field(field);
        return (known != null && (known.access & FOR_ALL) != 0)
                || type.node().methods.stream()
                        .anyMatch(method ->
                                types.test(Type.getReturnType(method.desc).getDescriptor())
                                        && (method.access & Opcodes.ACC_PRIVATE) == 0);
    }

    /** The method behind a lambda expression or method reference; null if the instruction makes none. */
    static @Nullable Handle body(AbstractInsnNode instruction) {
        if (instruction instanceof InvokeDynamicInsnNode made) {
            for (Object argument : made.bsmArgs) {
                if (argument instanceof Handle handle) {
                    return handle;
                }
            }
        }
        return null;
    }
}
