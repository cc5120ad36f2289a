// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import org.jspecify.annotations.Nullable;

/**
 * One frame of a stack.
 *
 * @param className binary name with dots, nested classes with {@code $}
 * @param descriptor the JVM's method descriptor; null where the source has none (stacks taken from outside a thread)
 * @param file source file; null if the class file does not say
 * @param line 1-based; -1 if not known
 * @param bytecodeIndex index of the current instruction; -1 if not known
 */
public record Frame(
        String className,
        String method,
        @Nullable String descriptor,
        @Nullable String file,
        int line,
        int bytecodeIndex) {

    /** As people write it: {@code Cache.put(Cache.java:42)}, without the package. */
    public String display() {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        String place = file == null ? "" : line < 0 ? "(" + file + ")" : "(" + file + ":" + line + ")";
        return simple + "." + method + place;
    }

    /** Whether the frame is one of the JDK's classes of locks, under which every wait looks the same. */
    public boolean isLock() {
        return className.startsWith("java.util.concurrent.locks.")
                || className.startsWith("io.lockjam.boot.")
                || method.equals("managedBlock") // of ForkJoinPool: through these conditions wait
                || method.equals("unmanagedBlock");
    }

    /** Whether the JDK spun the class, around the method below or above: Java's own stack traces leave it out. */
    boolean isSpun() {
        return className.contains("$$Lambda");
    }

    /** Whether the frame belongs to the JDK rather than to the application or its libraries. */
    public boolean isJdk() {
        return className.startsWith("io.lockjam.boot.") // our hooks, called by what is below
                || isSpun()
                || className.startsWith("java.")
                || className.startsWith("javax.")
                || className.startsWith("jdk.")
                || className.startsWith("sun.")
                || (className.startsWith("com.sun.") && !Libraries.has(className));
    }

    /** Whether it is neither the JDK's nor a library's, nor generated as proxies are: code that people who work on the application have written. */
    public boolean isOwn() {
        return !isJdk() && !Libraries.has(className) && !className.contains("$$");
    }
}
