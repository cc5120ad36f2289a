// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a runtime's version from the {@code release} file beside its executable. */
final class JavaHome {
    private JavaHome() {}

    /** Empty if the executable or the file cannot be seen. */
    static String version(ProcFolder proc) {
        Path executable = proc.executable();
        Path bin = executable == null ? null : executable.getParent();
        Path home = bin == null ? null : bin.getParent();
        if (home == null) {
            return "";
        }
        try {
            for (String line : Files.readAllLines(proc.outer(home.resolve("release")), StandardCharsets.UTF_8)) {
                if (line.startsWith("JAVA_VERSION=")) {
                    return line.substring("JAVA_VERSION=".length()).replace("\"", "");
                }
            }
        } catch (IOException absent) {
            return "";
        }
        return "";
    }
}
