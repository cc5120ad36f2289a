// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One chunk of a recording: where it lies, how much of it is whole, how many events of each type it holds.
 *
 * <p>Header (jfrChunkWriter.cpp, big-endian): 0 magic, 4 version, 8 size, 16 position of the last checkpoint, 24 of the last
 * metadata, 32 start in nanoseconds since 1970, 40 duration, 48 start in ticks, 56 ticks a second, 64 state, 67 flags (1 = numbers
 * are compressed), 68 first event. An event begins with its size and the
 * number of its type as LEB128; 0 is metadata, 1 a checkpoint with constants.
 *
 * @param declared size that the header gives
 * @param whole bytes from the offset up to the end of the last whole event
 * @param checkpoints positions of the whole checkpoints, in their order
 * @param metadata position of the last whole metadata; 0 if there is none
 * @param events number of whole events by type
 */
record Chunk(
        long offset, long declared, long whole, List<Integer> checkpoints, long metadata, Map<Long, Integer> events) {
    static final int HEADER = 68;
    private static final int MAGIC = 0x464C5200; // F L R 0
    /** JFR's chunks have 12 MB unless somebody has asked for larger ones. */
    private static final int LARGEST_COPY = 64 << 20;

    private static final long METADATA = 0;
    private static final long CHECKPOINT = 1;

    /** More types than any recording has; more in a chunk is damage. */
    private static final int MOST_TYPES = 1 << 14;

    /** Whether a chunk seems to begin at a position. */
    static boolean beginsAt(FileChannel file, long position) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(6);
        return fill(file, head, position) && head.getInt(0) == MAGIC && head.getShort(4) >= 1 && head.getShort(4) <= 2;
    }

    /** Walks the events of the chunk at an offset, as far as they are whole. */
    static Chunk at(FileChannel file, long offset) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEADER);
        if (!fill(file, head, offset)) {
            return new Chunk(offset, 0, 0, List.of(), 0, Map.of());
        }
        long declared = head.getLong(8);
        long room = file.size() - offset;
        long end = declared >= HEADER && declared <= room ? declared : room;
        Walk walk = new Walk(new WindowedBytes(file, offset), end);
        walk.run();
        return new Chunk(offset, declared, walk.whole, walk.checkpoints, walk.metadata, walk.events);
    }

    /** Whether anything can be made of it. */
    boolean readable() {
        return !checkpoints.isEmpty() && metadata > 0;
    }

    /** What is whole of it; {@code spare} if that is large enough to hold it. */
    ByteBuffer bytes(FileChannel file, ByteBuffer spare) throws IOException {
        if (whole > LARGEST_COPY) {
            return file.map(FileChannel.MapMode.READ_ONLY, offset, whole);
        }
        ByteBuffer bytes = spare.capacity() >= whole ? spare : ByteBuffer.allocate((int) whole);
        bytes.clear().limit((int) whole);
        if (!fill(file, bytes, offset)) {
            throw new IOException("the recording became shorter while it was read");
        }
        return bytes.flip();
    }

    private static boolean fill(FileChannel file, ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** One pass over the sizes and types of the events. */
    private static final class Walk {
        private final WindowedBytes bytes;
        private final long end;
        private final Map<Long, Integer> events = new HashMap<>();
        private long whole = HEADER;
        private final List<Integer> checkpoints = new ArrayList<>();
        private long metadata;
        /** Many of one type follow each other: they are counted before they are looked up. */
        private long counted = METADATA;

        private int count;

        Walk(WindowedBytes bytes, long end) {
            this.bytes = bytes;
            this.end = end;
        }

        void run() throws IOException {
            walk();
            count(METADATA);
            events.remove(METADATA);
        }

        private void count(long type) {
            if (type != counted) {
                events.merge(counted, count, Integer::sum);
                counted = type;
                count = 0;
            }
            count++;
        }

        private void walk() throws IOException {
            while (whole < end) {
                bytes.position(whole);
                long size = bytes.varint(end);
                if (size <= 1 || size > end - whole) {
                    return;
                }
                long type = bytes.varint(end);
                if (type < 0 || events.size() > MOST_TYPES) {
                    return;
                }
                if (type == METADATA) {
                    metadata = whole;
                } else if (type == CHECKPOINT) {
                    checkpoints.add((int) whole);
                } else {
                    count(type);
                }
                whole += size;
            }
        }
    }
}
