// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import org.jspecify.annotations.Nullable;

/** Class names as people know them. */
public final class ClassNames {
    private static final String LAMBDA = "$$Lambda";

    private ClassNames() {}

    /**
     * Cuts what differs from run to run: the number of a lambda's class and the address in a hidden class's name.
     *
     * @param name with dots or slashes; null if the recording has none
     */
    static String known(@Nullable String name) {
        if (name == null) {
            return "";
        }
        String dotted = name.replace('/', '.');
        int lambda = dotted.indexOf(LAMBDA);
        if (lambda >= 0) {
            return dotted.substring(0, lambda + LAMBDA.length());
        }
        int hidden = Math.max(dotted.indexOf(".0x"), dotted.indexOf("+0x"));
        return hidden > 0 ? dotted.substring(0, hidden) : dotted;
    }

    /** The lock's class without the inner synchroniser of the JDK: {@code java.util.concurrent.locks.ReentrantLock}. */
    public static String lock(String className) {
        int inner = className.indexOf('$');
        boolean synchroniser = inner > 0
                && className.startsWith("java.util.concurrent.")
                && !className.endsWith("$ConditionObject")
                && !className.endsWith("$ReadLock")
                && !className.endsWith("$WriteLock");
        return synchroniser ? className.substring(0, inner) : className;
    }

    /** {@code Outer.java} for {@code com.acme.Outer$Inner}: what javac's default is, since JFR's frames name no file. */
    static @Nullable String file(String className) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        int inner = simple.indexOf('$', 1);
        String outer = inner > 0 ? simple.substring(0, inner) : simple;
        if (outer.isEmpty()) {
            return null;
        }
        return outer.endsWith("Kt") && outer.length() > 2
                ? outer.substring(0, outer.length() - 2) + ".kt"
                : outer + ".java";
    }
}
