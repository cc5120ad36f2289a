// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A JVM on this machine, as far as it is known without attaching.
 *
 * @param mainClass main class or jar file; empty if it tells neither
 * @param jdk version of its Java runtime; empty if not known
 * @param user name of the user it runs as; the number if the user has no name here
 * @param attached whether our agent is in
 * @param obstacle what keeps it from being attached to; null if nothing does
 */
public record Jvm(
        long pid,
        String mainClass,
        String jdk,
        String user,
        long uid,
        Duration uptime,
        boolean attached,
        @Nullable Obstacle obstacle) {
    public boolean attachable() {
        return obstacle == null;
    }

    /** Why it cannot be attached to, as a clause; null if it can. */
    public @Nullable String reason() {
        return obstacle == null ? null : obstacle.reason();
    }

    /** The feature number of its JDK; 0 if not known. */
    public int feature() {
        return JdkVersion.feature(jdk);
    }

    /** Whether {@code name} means this JVM: its main class with or without package, or its jar or source with or without ending. */
    boolean answersTo(String name) {
        String simple = mainClass.substring(Math.max(mainClass.lastIndexOf('.'), mainClass.lastIndexOf('/')) + 1);
        if (mainClass.endsWith(".jar") || mainClass.endsWith(".java")) {
            String file = mainClass.substring(mainClass.lastIndexOf('/') + 1);
            return name.equals(mainClass) || name.equals(file) || name.equals(file.substring(0, file.lastIndexOf('.')));
        }
        return !mainClass.isEmpty() && (name.equals(mainClass) || name.equals(simple));
    }
}
