// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * One chunk of a recording: where it lies, how much of it is whole, how many events of each type it holds.
 *
 * <p>Header (jfrChunkWriter.cpp, big-endian): 0 magic, 4 version, 8 size, 16 position of the last checkpoint, 24 of the last
 * metadata, 32 start in nanoseconds since 1970, 40 duration, 48 start in ticks, 56 ticks a second, 64 state (0 = finished,
 * 255 = being changed, and the JDK's reader then waits for ever), 68 first event. An event begins with its size and the
 * number of its type as LEB128; 0 is metadata, 1 a checkpoint with constants.
 *
 * @param declared size that the header gives
 * @param whole bytes from the offset up to the end of the last whole event
 * @param checkpoint position of the last whole checkpoint; 0 if there is none
 * @param metadata position of the last whole metadata; 0 if there is none
 * @param events number of whole events by type
 */
record Chunk(
        long offset,
        long declared,
        long whole,
        long checkpoint,
        long metadata,
        boolean finished,
        Instant start,
        Duration duration,
        Map<Long, Integer> events) {
    static final int HEADER = 68;
    private static final int MAGIC = 0x464C5200; // F L R 0
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
            return new Chunk(offset, 0, 0, 0, 0, false, Instant.EPOCH, Duration.ZERO, Map.of());
        }
        long declared = head.getLong(8);
        long room = file.size() - offset;
        long end = declared >= HEADER && declared <= room ? declared : room;
        Walk walk = new Walk(new WindowedBytes(file, offset), end);
        walk.run();
        boolean finished = declared == walk.whole
                && head.get(64) == 0
                && head.getLong(16) == walk.checkpoint
                && head.getLong(24) == walk.metadata;
        return new Chunk(
                offset,
                declared,
                walk.whole,
                walk.checkpoint,
                walk.metadata,
                finished,
                Times.instant(head.getLong(32)),
                Duration.ofNanos(Math.max(0, head.getLong(40))),
                walk.events);
    }

    /** Whether the JDK's reader can make anything of it. */
    boolean readable() {
        return checkpoint > 0 && metadata > 0;
    }

    /** Copies what is whole into a file of its own, with a header that says so. */
    void copy(FileChannel file, Path target) throws IOException {
        try (FileChannel copy = FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            long done = 0;
            while (done < whole) {
                long step = file.transferTo(offset + done, whole - done, copy);
                if (step <= 0) {
                    throw new IOException("the recording became shorter while it was read");
                }
                done += step;
            }
            ByteBuffer positions = ByteBuffer.allocate(24);
            positions.putLong(whole).putLong(checkpoint).putLong(metadata).flip();
            copy.write(positions, 8);
            copy.write(ByteBuffer.allocate(1), 64);
        }
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
        private long checkpoint;
        private long metadata;

        Walk(WindowedBytes bytes, long end) {
            this.bytes = bytes;
            this.end = end;
        }

        void run() throws IOException {
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
                    checkpoint = whole;
                } else {
                    events.merge(type, 1, Integer::sum);
                }
                whole += size;
            }
        }
    }
}
