// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.List;

/**
 * Objects that compilers of other languages make for a local variable that a lambda changes: people know them by the variable.
 *
 * <p>Kotlin and Groovy make them with {@code new}, Scala by a method {@code create} of their class.
 */
public final class Boxes {
    private static final List<String> CLASSES =
            List.of("kotlin.jvm.internal.Ref$", "scala.runtime.", "groovy.lang.Reference");

    private Boxes() {}

    /**
     * Whether it is the field of such an object.
     *
     * @param field after its class and a dot
     */
    public static boolean holds(String field) {
        int dot = field.lastIndexOf('.');
        String owner = field.substring(0, Math.max(0, dot));
        return isBox(owner);
    }

    /** Whether the method makes such an object. */
    public static boolean makes(String owner, String method) {
        return method.equals("create") && isBox(owner);
    }

    private static boolean isBox(String owner) {
        return CLASSES.stream().anyMatch(owner::startsWith) && (owner.endsWith("Ref") || owner.endsWith("Reference"));
    }
}
