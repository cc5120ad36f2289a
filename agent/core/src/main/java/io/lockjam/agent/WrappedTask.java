// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a thread runs behind what a thread factory has put before it: factories wrap the worker of a pool in a lambda or an object of
 * theirs, as Netty's and Vert.x's do, and without it the pool of a thread whose task does not end stays unknown.
 *
 * <p>Looks at fields of the application's classes, which can load the classes of those: not for a thread of the application.
 */
final class WrappedTask {
    private static final int DEEPEST = 3;

    private WrappedTask() {}

    /** The first object of a class that the fields of an object lead to, through other runnables; null if there is none. */
    static @Nullable Object find(@Nullable Object in, Class<?> wanted) {
        try {
            return find(in, wanted, DEEPEST);
        } catch (IllegalAccessException | RuntimeException | LinkageError closed) {
            return null;
        }
    }

    private static @Nullable Object find(@Nullable Object in, Class<?> wanted, int depth)
            throws IllegalAccessException {
        if (in == null || wanted.isInstance(in)) {
            return in;
        }
        for (Class<?> type = in.getClass(); depth > 0 && mayWrap(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                boolean runs = !Modifier.isStatic(field.getModifiers())
                        && field.getType().isAssignableFrom(Runnable.class)
                        && field.trySetAccessible();
                Object value = runs ? field.get(in) : null;
                Object found = value instanceof Runnable ? find(value, wanted, depth - 1) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Classes of the JDK keep their fields to themselves. */
    private static boolean mayWrap(@Nullable Class<?> type) {
        return type != null && type.getClassLoader() != null;
    }
}
