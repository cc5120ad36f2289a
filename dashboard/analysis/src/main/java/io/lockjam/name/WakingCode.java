// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.WaitKind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Tells whether no code of the application wakes those that wait for a signal on an object.
 *
 * <p>Looked at are all classes that lie in one folder or jar with the one that waits and share the first two parts of its package. A call that
 * wakes is another's if the object cannot be of the type that the code there knows, or has a field of its own.
 */
final class WakingCode {
    private static final String OBJECT = "java.lang.Object";
    private static final String THIS = " (this)";

    private final ClassBytes bytes;
    private final Code code;

    WakingCode(ClassBytes bytes, Code code) {
        this.bytes = bytes;
        this.code = code;
    }

    /**
     * Whether nothing wakes them; false if that is not sure.
     *
     * @param name of what is waited for
     * @param object its class
     * @param waits the class whose method waits
     */
    boolean isNever(WaitKind kind, String name, String object, Code.Parsed waits) {
        if (kind == WaitKind.OBJECT_WAIT && mayBe(object, "java.lang.Thread")) {
            return false; // its end wakes those that wait for it
        }
        List<String> all = bytes.beside(waits.name(), root(waits.name()));
        Set<String> classes = new HashSet<>(all);
        for (String each : parents(object)) {
            classes.add(each);
        }
        String word = kind == WaitKind.CONDITION ? "signal" : "notify";
        return !all.isEmpty() && classes.stream().noneMatch(each -> mayWake(each, word, kind, name, object));
    }

    /** {@code com.acme.} of {@code com.acme.shop.Cart}. */
    static String root(String className) {
        int first = className.indexOf('.');
        int second = className.indexOf('.', first + 1);
        return className.substring(0, Math.max(0, second < 0 ? first + 1 : second + 1));
    }

    private Set<String> parents(String className) {
        Set<String> found = new HashSet<>();
        String at = className;
        while (at != null && !at.startsWith("java.") && found.add(at)) {
            Code.Parsed type = code.parsed(at);
            at = type == null || type.node().superName == null
                    ? null
                    : type.node().superName.replace('/', '.');
        }
        return found;
    }

    private boolean mayWake(String className, String word, WaitKind kind, String name, String object) {
        byte[] file = bytes.of(className);
        if (file == null) {
            return true;
        }
        if (!new String(file, StandardCharsets.ISO_8859_1).contains(word)) {
            return false;
        }
        Code.Parsed type = code.parsed(className);
        return type == null
                || type.node().methods.stream().anyMatch(method -> mayWake(type, method, word, kind, name, object));
    }

    private boolean mayWake(
            Code.Parsed type, MethodNode method, String word, WaitKind kind, String name, String object) {
        for (AbstractInsnNode each : method.instructions) {
            Handle body = Nest.body(each);
            boolean refers = body != null && wakes(body.getName(), body.getDesc(), word);
            boolean calls = each instanceof MethodInsnNode call && wakes(call.name, call.desc, word);
            if (refers || (calls && mayMean((MethodInsnNode) each, type, method, kind, name, object))) {
                return true;
            }
        }
        return false;
    }

    private static boolean wakes(String method, String descriptor, String word) {
        return descriptor.equals("()V") && (method.equals(word) || method.equals(word + "All"));
    }

    private boolean mayMean(
            MethodInsnNode call, Code.Parsed type, MethodNode method, WaitKind kind, String name, String object) {
        String given = LockTrail.receiver(code, List.of(), type, method, call, -1);
        if (name.equals(given)) {
            return true;
        }
        if (given != null && given.endsWith(THIS)) {
            return kind == WaitKind.CONDITION || mayBe(object, type.name()) || mayBe(type.name(), object);
        }
        String known = kind == WaitKind.CONDITION ? null : typeOf(call, type, method);
        boolean another = known != null && !mayBe(object, known);
        return !another && !(isOwn(given) && (isOwn(name) || name.endsWith(THIS)));
    }

    /** The type that the code knows of what a call is made on; null if it has it from several places. */
    private static @Nullable String typeOf(MethodInsnNode call, Code.Parsed type, MethodNode method) {
        Values values = Values.of(type, method);
        var receiver = values == null ? null : values.operand(call, 0);
        AbstractInsnNode source = receiver == null || receiver.insns.size() != 1
                ? null
                : receiver.insns.iterator().next();
        Type known = source instanceof FieldInsnNode field
                ? Type.getType(field.desc)
                : source instanceof MethodInsnNode made
                        ? Type.getReturnType(made.desc)
                        : source instanceof TypeInsnNode fresh && fresh.getOpcode() == Opcodes.NEW
                                ? Type.getObjectType(fresh.desc)
                                : source == null ? null : parameter(Origins.parameter(source), method);
        return known == null || known.getSort() != Type.OBJECT ? null : known.getClassName();
    }

    private static @Nullable Type parameter(int local, MethodNode method) {
        int at = (method.access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
        for (Type each : Type.getArgumentTypes(method.desc)) {
            if (at == local) {
                return each;
            }
            at += each.getSize();
        }
        return null;
    }

    /** Whether an object of one class may be of a type; true if that is not known. */
    private boolean mayBe(String className, String wanted) {
        if (wanted.equals(OBJECT) || className.equals(wanted)) {
            return true;
        }
        if (className.equals(OBJECT)) {
            return false;
        }
        Code.Parsed type = code.parsed(className);
        if (type == null) {
            return true;
        }
        String parent = type.node().superName;
        return (parent != null && mayBe(parent.replace('/', '.'), wanted))
                || type.node().interfaces.stream().anyMatch(each -> mayBe(each.replace('/', '.'), wanted));
    }

    /** Whether a name is that of a field which never has anything but what was made for it. */
    private boolean isOwn(@Nullable String name) {
        int dot = name == null ? -1 : name.lastIndexOf('.');
        Code.Parsed owner = name == null || dot < 0 ? null : code.parsed(name.substring(0, dot));
        FieldNode field = owner == null || name == null ? null : owner.field(name.substring(dot + 1));
        return owner != null
                && field != null
                && (field.access & Opcodes.ACC_FINAL) != 0
                && owner.node().methods.stream().allMatch(method -> onlyMakes(owner, method, field));
    }

    private static boolean onlyMakes(Code.Parsed owner, MethodNode method, FieldNode field) {
        Values values = null;
        for (AbstractInsnNode each : method.instructions) {
            boolean puts = each instanceof FieldInsnNode put
                    && put.name.equals(field.name)
                    && (each.getOpcode() == Opcodes.PUTFIELD || each.getOpcode() == Opcodes.PUTSTATIC);
            if (puts) {
                values = values == null ? Values.of(owner, method) : values;
                var value = values == null ? null : values.operand(each, 0);
                if (value == null || !value.insns.stream().allMatch(WakingCode::isFresh)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isFresh(AbstractInsnNode source) {
        return source.getOpcode() == Opcodes.NEW
                || (source instanceof MethodInsnNode call && call.name.equals("newCondition"));
    }
}
