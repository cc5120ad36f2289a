// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Calls of the JDK that use all elements of the collection they are given, as their last argument and at once: a copy of it,
 * or a change to it.
 */
final class ArgumentCalls {
    /** After the name of the call in what a probe tells: it is about the argument. */
    static final String MARK = "(it)";

    static final int NONE = -1;

    private static final Set<String> COPIES = Set.of(
            "ArrayList",
            "LinkedList",
            "ArrayDeque",
            "PriorityQueue",
            "Vector",
            "HashSet",
            "LinkedHashSet",
            "TreeSet",
            "HashMap",
            "LinkedHashMap",
            "TreeMap",
            "Hashtable",
            "EnumMap",
            "IdentityHashMap",
            "WeakHashMap",
            "concurrent/ConcurrentHashMap",
            "concurrent/ConcurrentLinkedQueue",
            "concurrent/CopyOnWriteArrayList");
    private static final List<String> TYPES =
            List.of("Ljava/util/Collection;", "Ljava/util/Map;", "Ljava/util/SortedMap;", "Ljava/util/SortedSet;");
    private static final Set<String> TAKES = Set.of("addAll", "putAll", "containsAll", "removeAll", "retainAll");
    private static final Set<String> CHANGES = Set.of("sort", "shuffle", "reverse");
    private static final Set<String> READS = Set.of("max", "min");

    private ArgumentCalls() {}

    /** Bits of {@link Use} for what the call does to its last argument; {@link #NONE} if it is none of ours. */
    static int use(int opcode, String owner, String name, String descriptor) {
        if (!owner.startsWith("java/")) {
            return NONE;
        }
        boolean one = TYPES.stream().anyMatch(type -> descriptor.startsWith("(" + type + ")"));
        return switch (opcode) {
            case Opcodes.INVOKESPECIAL ->
                one && name.equals("<init>") && owner.startsWith("java/util/") && COPIES.contains(owner.substring(10))
                        ? 0
                        : NONE;
            case Opcodes.INVOKESTATIC -> ofStatic(owner, name, descriptor, one);
            case Opcodes.INVOKEVIRTUAL, Opcodes.INVOKEINTERFACE ->
                one && TAKES.contains(name) && UnsafeCalls.knows(owner) ? 0 : NONE;
            default -> NONE;
        };
    }

    private static int ofStatic(String owner, String name, String descriptor, boolean one) {
        boolean joins = owner.equals("java/lang/String")
                && name.equals("join")
                && descriptor.startsWith("(Ljava/lang/CharSequence;Ljava/lang/Iterable;)");
        boolean copies = name.equals("copyOf") && one && owner.startsWith("java/util/");
        boolean list = one || descriptor.startsWith("(Ljava/util/List;)");
        boolean helper = owner.equals("java/util/Collections") && list;
        if (helper && CHANGES.contains(name)) {
            return Use.WRITES;
        }
        return joins || copies || (helper && READS.contains(name)) ? 0 : NONE;
    }
}
