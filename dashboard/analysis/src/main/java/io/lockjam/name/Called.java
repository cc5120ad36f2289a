// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** By which types others than an application's own classes may call a method of these. */
final class Called {
    /** A type of the JDK, such as Runnable: whoever has it may call it. */
    static final String ANYBODY = "java.";

    private final Code code;
    private final Set<String> classes;

    /** @param classes the application's */
    Called(Code code, Set<String> classes) {
        this.code = code;
        this.classes = classes;
    }

    /** The types of libraries by which a method may be called, with {@link #ANYBODY} among them if it is also one of the JDK's. */
    Set<String> by(Code.Parsed type, MethodNode method) {
        Set<String> found = new HashSet<>();
        boolean own = method.name.startsWith("<") || (method.access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) != 0;
        if (!own) {
            parents(type).forEach(each -> declaring(each, method, found));
        }
        for (AbstractInsnNode each : instructions(type)) {
            Handle body = Nest.body(each);
            if (body != null
                    && body.getOwner().equals(type.node().name)
                    && body.getName().equals(method.name)
                    && body.getDesc().equals(method.desc)
                    && each instanceof InvokeDynamicInsnNode lambda) {
                found.add(owner(Type.getReturnType(lambda.desc).getClassName()));
            }
        }
        return found;
    }

    /** Whether an object of a class is one of a type. */
    boolean isA(String className, String wanted) {
        Code.Parsed type = code.parsed(className);
        return type != null
                && parents(type).stream().anyMatch(each -> each.equals(wanted.replace('/', '.')) || isA(each, wanted));
    }

    private static List<AbstractInsnNode> instructions(Code.Parsed type) {
        return type.node().methods.stream()
                .flatMap(method -> List.of(method.instructions.toArray()).stream())
                .toList();
    }

    /** A lambda expression of a type of the application's own may be called by anybody. */
    private String owner(String type) {
        return type.startsWith("java.") || classes.contains(type) ? ANYBODY : type;
    }

    private static List<String> parents(Code.Parsed type) {
        Set<String> found = new HashSet<>(type.node().interfaces);
        if (type.node().superName != null) {
            found.add(type.node().superName);
        }
        return found.stream().map(each -> each.replace('/', '.')).toList();
    }

    /** The outermost types that declare the method, but for the application's own. */
    private void declaring(String className, MethodNode method, Set<String> found) {
        Code.Parsed type = className.equals("java.lang.Object") ? null : code.parsed(className);
        if (type == null) {
            return;
        }
        int before = found.size();
        parents(type).forEach(each -> declaring(each, method, found));
        int arguments = Type.getArgumentTypes(method.desc).length;
        boolean declares = type.node().methods.stream()
                .anyMatch(
                        each -> each.name.equals(method.name) && Type.getArgumentTypes(each.desc).length == arguments);
        if (declares && found.size() == before && !classes.contains(className)) {
            found.add(className.startsWith("java.") ? ANYBODY : className);
        }
    }
}
