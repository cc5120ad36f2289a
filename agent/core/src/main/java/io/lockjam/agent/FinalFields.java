// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Caught;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Whether what lies at the place of a race may be handed over by it: an object all of whose fields are final is whole for
 * whoever sees it (JLS 17.5).
 *
 * <p>Looks at fields of the application's classes, which can load the classes of those: not for a thread of the application.
 */
final class FinalFields {
    private FinalFields() {}

    /** False also if that cannot be told. */
    static boolean holds(Caught caught) {
        try {
            Class<?> type = type(caught);
            return type != null && only(type);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError closed) {
            return false;
        }
    }

    /** Class of the value that is there now, or the only one that can be; null for a call, or if it is not known. */
    private static @Nullable Class<?> type(Caught caught) throws ReflectiveOperationException {
        Object object = caught.object();
        String label = caught.label();
        if (caught.target().equals("array")) {
            Object value = caught.index() < Array.getLength(object) ? Array.get(object, caught.index()) : null;
            return of(value, object.getClass().getComponentType());
        }
        if (caught.target().equals("call") || label == null) {
            return null;
        }
        String place = label.substring(0, label.indexOf(' '));
        int dot = place.lastIndexOf('.');
        Class<?> from =
                object instanceof Class<?> owner && caught.target().equals("static") ? owner : object.getClass();
        for (Class<?> at = from; at != null; at = at.getSuperclass()) {
            if (at.getName().equals(place.substring(0, dot))) {
                Field field = at.getDeclaredField(place.substring(dot + 1));
                boolean open = field.trySetAccessible();
                return of(open ? field.get(object) : null, field.getType());
            }
        }
        return null;
    }

    private static @Nullable Class<?> of(@Nullable Object value, Class<?> declared) {
        if (value != null) {
            return value.getClass();
        }
        return Modifier.isFinal(declared.getModifiers()) ? declared : null;
    }

    private static boolean only(Class<?> type) {
        if (type == String.class) {
            return true; // its hash code is a cache that races on purpose
        }
        if (type.isArray() || type.isPrimitive()) {
            return false;
        }
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field each : at.getDeclaredFields()) {
                int modifiers = each.getModifiers();
                if (!Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers)) {
                    return false;
                }
            }
        }
        return true;
    }
}
