// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers and names of this machine's users. */
final class User {
    private User() {}

    /** The effective user id of this process; -1 if the system has none. */
    static long uid() {
        try {
            return new ProcFolder(ProcessHandle.current().pid()).uid();
        } catch (IOException noProc) {
            return -1;
        }
    }

    /** {@code 1000 (alice)}, or the bare number if it has no name here. */
    static String label(long uid) {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > 2 && fields[2].equals(Long.toString(uid))) {
                    return uid + " (" + fields[0] + ")";
                }
            }
        } catch (IOException unreadable) {
            return Long.toString(uid);
        }
        return Long.toString(uid);
    }
}
