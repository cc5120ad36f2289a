// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many more files this process may open: the Flight Recorder ends the JVM when it cannot open the file of its next chunk (seen on 17
 * and 25). Counted, never tried, since what we open for a moment the application may want just then.
 */
final class OpenFiles {
    /** A chunk, the files that a dump is copied from and to, and what the application opens meanwhile. */
    static final long WANTED = 16;

    private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +(\\d+) .*$");

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
        File limits = new File(process, "limits");
        if (!limits.exists()) {
            return Long.MAX_VALUE;
        }
        String[] open = new File(process, "fd").list();
        if (open == null) { // to list them takes one more
            return 0;
        }
        try (InputStream in = new FileInputStream(limits)) {
            Matcher limit = LIMIT.matcher(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            boolean limited = limit.find() && limit.group(1).length() < 18;
            return limited ? Math.max(0, Long.parseLong(limit.group(1)) - open.length) : Long.MAX_VALUE;
        } catch (IOException noneLeft) {
            return 0;
        }
    }

    boolean few() {
        return left() < WANTED;
    }
}
