// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The child process that reads a recording: facts go to standard output, in the binary form.
 *
 * <p>It may run out of memory, hang or crash on a hostile recording; its parent, {@link FileSource}, only sees the stream end.
 */
public final class ReadChild {
    private ReadChild() {}

    /**
     * Reads one recording.
     *
     * @param arguments the recording
     */
    public static void main(String[] arguments) {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16))) {
            System.setOut(System.err); // nothing else may write between the facts
            FactWriter writer = new FactWriter(out);
            try {
                new RecordingReader(Path.of(arguments[0]), writer).read();
            } catch (UnreadableRecordingException unreadable) {
                String message = unreadable.getMessage();
                writer.unreadable(message == null ? "" : message);
            }
        } catch (IOException parentGone) {
            System.exit(1);
        }
    }
}
