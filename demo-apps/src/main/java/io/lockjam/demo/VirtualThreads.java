// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** Virtual threads by reflection, for they came with Java 21 and the demos also run on 17. */
public final class VirtualThreads {
    private VirtualThreads() {}

    /** A factory of virtual threads named {@code prefix-1} and so on; empty before Java 21. */
    public static Optional<ThreadFactory> named(String prefix) {
        if (Runtime.version().feature() < 21) {
            return Optional.empty();
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object ofVirtual = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named = builder.getMethod("name", String.class, long.class).invoke(ofVirtual, prefix + "-", 1L);
            return Optional.of((ThreadFactory) builder.getMethod("factory").invoke(named));
        } catch (ReflectiveOperationException absent) {
            return Optional.empty();
        }
    }

    /**
     * A factory of virtual threads named {@code prefix-1} and so on.
     *
     * @throws Unavailable before Java 21
     */
    public static ThreadFactory required(String prefix) throws Unavailable {
        return named(prefix)
                .orElseThrow(() -> new Unavailable("needs virtual threads, Java 21 or later; this is Java "
                        + Runtime.version().feature()));
    }
}
