// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a file through a window that moves forward. */
final class WindowedBytes {
    private static final int WINDOW = 1 << 18;

    private final FileChannel file;
    private final long base;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowAt;
    private long position;

    /** @param base where position 0 lies in the file */
    WindowedBytes(FileChannel file, long base) {
        this.file = file;
        this.base = base;
    }

    void position(long position) {
        this.position = position;
    }

    /** A LEB128 number that ends before {@code end}; -1 if there is none. */
    long varint(long end) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int octet = position < end ? next() : -1;
            if (octet < 0) {
                return -1;
            }
            value |= (long) (octet & 0x7F) << shift;
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        return -1;
    }

    /** The first position from {@code from} on where {@code pattern} stands; {@code end} if there is none. */
    long find(long from, long end, byte[] pattern) throws IOException {
        position = from;
        int matched = 0;
        while (position < end) {
            int octet = next();
            if (octet < 0) {
                return end;
            }
            // the pattern's first byte is not repeated in it, so a mismatch can only begin anew
            matched = octet == pattern[matched] ? matched + 1 : octet == pattern[0] ? 1 : 0;
            if (matched == pattern.length) {
                return position - matched;
            }
        }
        return end;
    }

    private int next() throws IOException {
        if (position < windowAt || position >= windowAt + window.limit()) {
            window.clear();
            int read = file.read(window, base + position);
            windowAt = position;
            window.position(0).limit(Math.max(0, read));
            if (read <= 0) {
                return -1;
            }
        }
        return window.get((int) (position++ - windowAt)) & 0xFF;
    }
}
