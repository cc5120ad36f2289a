// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.LockWindow;
import java.util.Optional;
import java.util.Set;

/** Locks that are texts or boxed numbers: the JVM keeps one object of each for all code, so that parts that know nothing of each other meet. */
final class SharedConstant {
    private static final Set<String> BOXES = Set.of(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Short",
            "java.lang.Integer",
            "java.lang.Long");

    private SharedConstant() {}

    /** Two sentences: what it is and what to lock instead; empty for any other lock. */
    static Optional<String> note(LockWindow lock) {
        String type = lock.className();
        if (type.equals("java.lang.String")) {
            return Optional.of(note("a String", "all code of the program that has the same text has the same object"));
        }
        return BOXES.contains(type)
                ? Optional.of(
                        note(
                                (type.endsWith("Integer") ? "an " : "a ") + Words.simple(type),
                                "all code of the program that has an equal one may have the same object, and a change puts another in its place"))
                : Optional.empty();
    }

    private static String note(String type, String shares) {
        return "It is " + type + ": " + shares + ". Lock a private final Object of its own in each class instead.";
    }
}
