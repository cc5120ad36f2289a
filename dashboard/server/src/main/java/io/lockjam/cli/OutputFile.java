// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file named on the command line that a command is to write. */
final class OutputFile {
    private OutputFile() {}

    /** @throws Failure if it is a folder, or its folder is not there or not ours to write to */
    static void check(Path file) throws Failure {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": it is a folder.");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": there is no folder " + folder + ".");
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": permission denied.");
        }
    }
}
