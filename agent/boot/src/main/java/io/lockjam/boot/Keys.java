// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Whether two keys are equal, without a call of the application's own {@code equals}.
 *
 * <p>Those of the JDK's values are asked. Two objects of one class of the application are equal if all their fields are final and hold
 * the same, provided that the class compares by state: a record, which has to, or one with an {@code equals} of its own. Its fields
 * are looked up by the agent's thread, once a key of the class was seen; that can load the classes of fields that were never set, but not
 * those that its methods speak of.
 */
final class Keys {
    private static final int CLASSES = 64;
    private static final int DEEPEST = 3;
    private static final Set<String> VALUES =
            Set.of("java.math.BigInteger", "java.math.BigDecimal", "java.net.URI", "java.io.File");

    private static final AtomicReferenceArray<@Nullable State> KNOWN = new AtomicReferenceArray<>(CLASSES);
    private static final AtomicReference<@Nullable Class<?>> WANTED = new AtomicReference<>();

    private Keys() {}

    /** @param getters of its fields; null if the class does not compare by them */
    private record State(Class<?> type, @Nullable List<MethodHandle> getters) {}

    static boolean isSame(Object one, Object other) {
        return isSame(one, other, DEEPEST);
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object other, int left) {
        if (one == other) {
            return true;
        }
        if (one == null || other == null || one.getClass() != other.getClass()) {
            return false;
        }
        return isValue(one) ? one.equals(other) : left > 0 && hasSameState(one, other, left);
    }

    private static boolean hasSameState(Object one, Object other, int left) {
        State state = state(one.getClass());
        if (state == null || state.getters == null) {
            return false;
        }
        try {
            for (MethodHandle each : state.getters) {
                if (!isSame(Access.object(each, one), Access.object(each, other), left - 1)) {
                    return false;
                }
            }
            return true;
        } catch (Throwable unreadable) {
            return false;
        }
    }

    /** Null if it is not known yet. */
    private static @Nullable State state(Class<?> type) {
        State known = KNOWN.get(slot(type));
        if (known != null && known.type == type) {
            return known;
        }
        if (type.getClassLoader() != null) {
            WANTED.compareAndSet(null, type);
        }
        return null;
    }

    /** Whether the key is of a class of the JDK that two threads may compare. */
    static boolean isValue(Object key) {
        return key instanceof String
                || key instanceof Integer
                || key instanceof Long
                || key instanceof Character
                || key instanceof Short
                || key instanceof Byte
                || key instanceof Double
                || key instanceof Float
                || key instanceof Boolean
                || key instanceof UUID
                || (key.getClass().getClassLoader() == null
                        && isOfValues(key.getClass().getName()));
    }

    private static boolean isOfValues(String name) {
        return VALUES.contains(name) || name.startsWith("java.time.") || name.startsWith("sun.nio.fs.");
    }

    /** Once a tick, of the agent's thread. */
    static void learn() {
        Class<?> type = WANTED.get();
        if (type != null) {
            KNOWN.set(slot(type), new State(type, getters(type)));
            WANTED.set(null);
        }
    }

    /** Forgets classes, so that none is kept from being unloaded. */
    static void forget() {
        for (int i = 0; i < CLASSES; i++) {
            KNOWN.set(i, null);
        }
        WANTED.set(null);
    }

    private static @Nullable List<MethodHandle> getters(Class<?> type) {
        List<MethodHandle> getters = new ArrayList<>();
        try {
            if (!type.isRecord() && !hasEquals(type)) {
                return null;
            }
            for (Class<?> at = type; at != null && at != Object.class && at != Record.class; at = at.getSuperclass()) {
                for (Field each : at.getDeclaredFields()) {
                    if (Modifier.isStatic(each.getModifiers())) {
                        continue;
                    }
                    if (!Modifier.isFinal(each.getModifiers())) {
                        return null;
                    }
                    getters.add(MethodHandles.privateLookupIn(at, MethodHandles.lookup())
                            .unreflectGetter(each)
                            .asType(MethodType.methodType(Object.class, Object.class)));
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError closed) {
            return null;
        }
        return getters;
    }

    /** By a handle: a look at all declared methods would load the classes of their arguments and results. */
    private static boolean hasEquals(Class<?> type) throws ReflectiveOperationException {
        MethodHandles.Lookup inside = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        MethodHandle equals = inside.findVirtual(type, "equals", MethodType.methodType(boolean.class, Object.class));
        return inside.revealDirect(equals).getDeclaringClass() != Object.class;
    }

    private static int slot(Class<?> type) {
        return System.identityHashCode(type) & (CLASSES - 1);
    }
}
