// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import java.util.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Classes of the JDK that lock themselves in each method, and the methods in which they then call one of their argument: given
 * another such object, that is a nesting of two locks in code that is not woven.
 *
 * <p>As they are written in 17 to 25; methods that only iterate over their argument are not among them, since iterators take
 * no lock.
 */
final class SelfLocking {
    private static final Set<String> LIST = Set.of("addAll", "removeAll", "retainAll");
    private static final Set<String> COLLECTION = Set.of("removeAll", "retainAll");
    private static final Set<String> SET = Set.of("removeAll", "retainAll", "equals");
    private static final Set<String> MAP = Set.of("putAll", "equals");
    private static final Set<String> VECTOR = Set.of("removeAll", "retainAll", "containsAll", "equals");
    private static final Set<String> TABLE = Set.of("equals");
    private static final Set<String> BUFFER = Set.of("append");

    private SelfLocking() {}

    /** Whether the method of the receiver calls a method of its argument that locks it, while it holds its own lock. */
    static boolean nests(Object receiver, String method) {
        Class<?> type = receiver.getClass();
        if (type == Vector.class || type == Stack.class) {
            return VECTOR.contains(method);
        }
        if (type == Hashtable.class) {
            return TABLE.contains(method);
        }
        if (type == StringBuffer.class) {
            return BUFFER.contains(method);
        }
        return isWrapper(type) && ofWrapper(receiver).contains(method);
    }

    private static Set<String> ofWrapper(Object receiver) {
        return receiver instanceof List
                ? LIST
                : receiver instanceof Set ? SET : receiver instanceof Map ? MAP : COLLECTION;
    }

    /** What the object locks in each of its methods; null if it is of another class, or that cannot be read. */
    static @Nullable Object lock(Object object) {
        Class<?> type = object.getClass();
        if (type == Vector.class || type == Stack.class || type == Hashtable.class || type == StringBuffer.class) {
            return object;
        }
        UnsafeTypes.Type wrapper = isWrapper(type) ? UnsafeTypes.inherited(type) : null;
        return wrapper == null ? null : wrapper.guard(object);
    }

    private static boolean isWrapper(Class<?> type) {
        return type.getName().startsWith("java.util.Collections$Synchronized");
    }
}
