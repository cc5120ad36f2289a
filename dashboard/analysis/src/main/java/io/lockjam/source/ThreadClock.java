// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's figures of one thread, from its {@code schedstat}: kept open, since opening costs three times the reading.
 *
 * <p>Numbers are those of the kernel's {@code proc_pid_schedstat}: nanoseconds on a core, nanoseconds in the run queue, slices.
 */
final class ThreadClock implements AutoCloseable {
    final Path folder;
    /** The thread's number in its own process-id namespace: what JFR calls it. */
    final long osId;

    long ran;
    long queued;
    long slices;
    long slicesBefore;
    /** Switches at the last reading of {@code status}; -1 if the reading before this one left them out. */
    long voluntary = -1;

    long involuntary = -1;
    private final @Nullable FileChannel open;

    ThreadClock(Path folder, long osId, boolean keepOpen) throws IOException {
        this.folder = folder;
        this.osId = osId;
        this.open = keepOpen ? FileChannel.open(folder.resolve("schedstat"), StandardOpenOption.READ) : null;
    }

    /** @throws IOException if the thread has ended or the file may not be read */
    void read(ByteBuffer buffer) throws IOException {
        FileChannel file = open;
        buffer.clear();
        if (file != null) {
            file.read(buffer, 0);
        } else {
            try (FileChannel once = FileChannel.open(folder.resolve("schedstat"), StandardOpenOption.READ)) {
                once.read(buffer);
            }
        }
        buffer.flip();
        slicesBefore = slices;
        ran = number(buffer);
        queued = number(buffer);
        slices = number(buffer);
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private static long number(ByteBuffer buffer) throws IOException {
        long value = -1;
        while (buffer.hasRemaining()) {
            int digit = buffer.get() - '0';
            if (digit >= 0 && digit <= 9) {
                value = Math.max(0, value) * 10 + digit;
            } else if (value >= 0) {
                return value;
            }
        }
        if (value < 0) {
            throw new IOException("schedstat has fewer than three numbers");
        }
        return value;
    }
}
