// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which classes are meant: {@code com.acme.*}, or {@code com.acme.Cache} with its inner classes.
 *
 * @param texts at least one
 */
record Patterns(List<String> texts) {
    /** Whether a class with this name, with dots, is meant; never one of ours. */
    boolean match(String className) {
        return !Weaving.isOurs(className) && texts.stream().anyMatch(pattern -> names(pattern, className));
    }

    /** Whether a class of this sort can have probes at all. */
    static boolean mayProbe(Class<?> type) {
        return type.getClassLoader() != null
                && type.getClassLoader() != ClassLoader.getPlatformClassLoader()
                && !type.isArray()
                && !type.isHidden()
                && !isOfJdk(type.getModule().getName())
                && !Weaving.isOurs(type.getName());
    }

    /** Modules of the JDK with the application's class loader: jdk.random, jdk.compiler and more. */
    private static boolean isOfJdk(@Nullable String module) {
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private static boolean names(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern) || name.startsWith(pattern + "$");
    }
}
