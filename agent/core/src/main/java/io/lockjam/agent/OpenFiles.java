// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;
import java.io.IOException;

/**
 * How many more files this process may open: the Flight Recorder ends the JVM when it cannot open the file of its next chunk (seen on 17
 * and 25). Counted, never tried, since what we open for a moment the application may want just then.
 */
final class OpenFiles {
    /** A chunk, the files that a dump is copied from and to, and what the application opens meanwhile. */
    static final long WANTED = 16;

    private final File process;

    OpenFiles() {
        this(new File("/proc/self"));
    }

    /** @param process its folder below /proc */
    OpenFiles(File process) {
        this.process = process;
    }

    /** Returns {@link Long#MAX_VALUE} where it cannot be told, as on other systems than Linux. */
    long left() {
        ProcessLimits limits = new ProcessLimits(process);
        try {
            long most = limits.of("Max open files");
            if (most == Long.MAX_VALUE) {
                return most;
            }
            String[] open = new File(process, "fd").list();
            return open == null ? 0 : Math.max(0, most - open.length); // to list them takes one more
        } catch (IOException noneLeft) {
            return 0;
        }
    }

    boolean few() {
        return left() < WANTED;
    }
}
