// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why the system refused something, in words: the messages of {@code java.nio.file} are often a path and nothing else. */
public final class IoReason {
    private IoReason() {}

    /** A clause without the file's name, such as "permission denied". */
    public static String of(IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof NoSuchFileException || failed instanceof NotDirectoryException) {
            return "there is no such file or folder";
        }
        if (failed instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        String message = failed.getMessage();
        return message == null || failed instanceof FileSystemException
                ? failed.getClass().getSimpleName()
                : message;
    }

    /** The same with the file, where the exception names one. */
    public static String withFile(IOException failed) {
        String file = failed instanceof FileSystemException named ? named.getFile() : null;
        return file == null ? of(failed) : file + ": " + of(failed);
    }
}
