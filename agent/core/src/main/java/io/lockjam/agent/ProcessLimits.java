// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the system lets this process do at most, as {@code ulimit} sets it. */
final class ProcessLimits {
    private final File limits;

    ProcessLimits() {
        this(new File("/proc/self"));
    }

    /** @param process its folder below /proc */
    ProcessLimits(File process) {
        limits = new File(process, "limits");
    }

    /** Bytes that a file may hold; {@link Long#MAX_VALUE} where it cannot be told. */
    long fileSize() {
        try {
            return of("Max file size");
        } catch (IOException hidden) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * The limit in force of this name in the file {@code limits}; {@link Long#MAX_VALUE} if there is none, as on other systems than Linux.
     *
     * @throws IOException if it cannot be read, as without a file to be had
     */
    long of(String name) throws IOException {
        if (!limits.exists()) {
            return Long.MAX_VALUE;
        }
        try (InputStream in = new FileInputStream(limits)) {
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            Matcher limit =
                    Pattern.compile("(?m)^" + name + " +(\\d{1,17}) .*$").matcher(text);
            return limit.find() ? Long.parseLong(limit.group(1)) : Long.MAX_VALUE;
        }
    }
}
