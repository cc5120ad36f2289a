// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Map;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** References to methods of the JDK, such as {@code list::add}, that can be led through a probe: their call is made by the JDK. */
final class MethodReferences {
    private static final String REFERENCES = "io/lockjam/boot/References";
    /** What the probe is told, before what the function is given. */
    private static final String PROBE = "Ljava/lang/String;Ljava/lang/String;I";

    private static final String COLLECTION = "java/util/Collection";
    private static final String DEQUE = "java/util/Deque";
    private static final String MAP = "java/util/Map";
    private static final String BUILDER = "java/lang/StringBuilder";

    /** The methods that {@code io.lockjam.boot.References} has, with the type of the object that they are called on there. */
    private static final Map<String, String> OF_COLLECTIONS = Map.of(
            "add(Ljava/lang/Object;)Z", COLLECTION,
            "addAll(Ljava/util/Collection;)Z", COLLECTION,
            "remove(Ljava/lang/Object;)Z", COLLECTION,
            "contains(Ljava/lang/Object;)Z", COLLECTION);

    private static final Map<String, String> OF_QUEUES = Map.of("offer(Ljava/lang/Object;)Z", "java/util/Queue");
    private static final Map<String, String> OF_DEQUES = Map.of(
            "addFirst(Ljava/lang/Object;)V", DEQUE,
            "addLast(Ljava/lang/Object;)V", DEQUE,
            "push(Ljava/lang/Object;)V", DEQUE);
    private static final Map<String, String> OF_MAPS = Map.of(
            "put(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;", MAP,
            "get(Ljava/lang/Object;)Ljava/lang/Object;", MAP,
            "remove(Ljava/lang/Object;)Ljava/lang/Object;", MAP,
            "containsKey(Ljava/lang/Object;)Z", MAP);
    private static final Map<String, String> OF_BUILDERS = Map.of(
            "append(Ljava/lang/String;)Ljava/lang/StringBuilder;", BUILDER,
            "append(Ljava/lang/Object;)Ljava/lang/StringBuilder;", BUILDER);

    private MethodReferences() {}

    /**
     * The method behind an instruction that makes an object of a function, if it is one of the list, called on an object that the
     * function takes with it.
     */
    static @Nullable Handle of(String descriptor, Handle bootstrap, Object[] arguments) {
        boolean function = bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")
                && bootstrap.getName().equals("metafactory")
                && arguments.length > 1;
        return function
                        && arguments[1] instanceof Handle body
                        && Type.getArgumentCount(descriptor) == 1
                        && type(body) != null
                ? body
                : null;
    }

    private static @Nullable String type(Handle body) {
        if (body.getTag() != Opcodes.H_INVOKEINTERFACE && body.getTag() != Opcodes.H_INVOKEVIRTUAL) {
            return null;
        }
        String owner = body.getOwner();
        String method = body.getName() + body.getDesc();
        boolean linked = owner.equals("java/util/LinkedList");
        if (owner.equals("java/util/ArrayDeque") || owner.equals(DEQUE) || linked) {
            String type = OF_DEQUES.get(method);
            return type != null ? type : OF_QUEUES.getOrDefault(method, OF_COLLECTIONS.get(method));
        }
        if (owner.equals("java/util/Queue") || owner.equals("java/util/PriorityQueue")) {
            return OF_QUEUES.getOrDefault(method, OF_COLLECTIONS.get(method));
        }
        Map<String, String> methods = owner.equals(BUILDER)
                ? OF_BUILDERS
                : UnsafeCalls.isMap(owner) ? OF_MAPS : UnsafeCalls.isCollection(owner) ? OF_COLLECTIONS : Map.of();
        return methods.get(method);
    }

    /** What the function takes with it: the object, and what the probe is told. */
    static String taking(String descriptor, Handle body) {
        return "(L" + type(body) + ";" + PROBE + ")" + Type.getReturnType(descriptor);
    }

    /** The method that the function calls instead. */
    static Handle probed(Handle body) {
        String descriptor = "(L" + type(body) + ";" + PROBE + body.getDesc().substring(1);
        return new Handle(Opcodes.H_INVOKESTATIC, REFERENCES, body.getName(), descriptor, false);
    }
}
