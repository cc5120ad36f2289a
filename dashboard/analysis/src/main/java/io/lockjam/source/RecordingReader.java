// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads a recording chunk by chunk and writes its facts; runs in the child process.
 *
 * <p>Of each chunk what is whole is read by itself, so that damage costs that chunk at most. The events that could be read are
 * counted against those that the chunk holds.
 */
final class RecordingReader {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Events between two looks at the clock, which costs as much as half an event. */
    private static final int TICK_EVENTS = 256;

    private static final byte[] CHUNK_BEGINS = {'F', 'L', 'R', 0};
    /** Searched between two words to the parent, which takes a long silence for a hang: a moment's work. */
    private static final int STRIDE = 16 << 20;

    private final Path path;
    private final FactWriter writer;
    private final EventReader reader = new EventReader(0);
    private final FactLine line;
    private final Map<String, Delivered> delivered = new HashMap<>();
    private Map<Long, String> types = Map.of();
    private Set<String> wanted = Set.of();
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long total;
    private long events;
    private long tickedAt;
    private boolean usable;
    private Instant last = Instant.EPOCH;

    RecordingReader(Path path, FactWriter writer) {
        this.path = path;
        this.writer = writer;
        this.line = new FactLine(new FactSorter(writer, reader::settled), writer);
    }

    /** Events of one type that could be read of a chunk. */
    private static final class Delivered {
        private int events;
    }

    void read() throws IOException, UnreadableRecordingException {
        try (line;
                FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            total = file.size();
            if (!Chunk.beginsAt(file, 0)) {
                throw new UnreadableRecordingException("it is not a JFR recording, or its first bytes are damaged");
            }
            long at = 0;
            while (at < total) {
                at = readChunkAt(file, at);
                writer.progress(Math.min(at, total), total);
            }
        }
        if (!usable) {
            throw new UnreadableRecordingException("no part of it is whole enough to be read");
        }
        writer.end();
    }

    /** Returns where the next chunk may begin. */
    private long readChunkAt(FileChannel file, long at) throws IOException {
        if (!Chunk.beginsAt(file, at)) {
            long next = nextChunk(file, at);
            gap("bytes between two chunks are damaged", next - at);
            return next;
        }
        Chunk chunk = Chunk.at(file, at);
        boolean cut = chunk.declared() != chunk.whole();
        if (chunk.readable()) {
            read(file, chunk);
        } else if (chunk.declared() != Chunk.HEADER) {
            gap("bytes belong to a chunk that was cut before its constants", Math.min(chunk.declared(), total - at));
            cut = false;
        }
        if (!cut) {
            return at + Math.max(Chunk.HEADER, chunk.declared() > 0 ? chunk.declared() : total - at);
        }
        long next = nextChunk(file, at + Math.max(Chunk.HEADER, chunk.whole()));
        gap("bytes at the end of a chunk are cut off or damaged", lost(chunk, next));
        return next;
    }

    private static long lost(Chunk chunk, long next) {
        long present = next - chunk.offset() - chunk.whole();
        return Math.max(present, chunk.declared() - chunk.whole());
    }

    private void read(FileChannel file, Chunk chunk) throws IOException {
        delivered.clear();
        types = Map.of();
        wanted = Set.of();
        try {
            buffer = chunk.bytes(file, buffer);
            ChunkParser parser = new ChunkParser(buffer, chunk, reader.interner());
            types = parser.types();
            wanted = reader.wanted(types.values());
            usable |= !wanted.isEmpty();
            wanted.forEach(name -> delivered.put(name, new Delivered()));
            parser.read(wanted, (name, event, position) -> read(name, event, chunk.offset() + position));
        } catch (RuntimeException damaged) {
            reader.trouble("chunks could not be opened: " + damaged.getClass().getSimpleName());
        }
        line.flush();
        tellLosses(chunk);
    }

    private void read(String name, EventFields event, long position) {
        Delivered counter = delivered.get(name);
        if (counter != null) {
            counter.events++;
        }
        Fact fact = reader.read(name, event);
        while (fact != null) {
            last = fact.at();
            line.accept(fact);
            fact = reader.further();
        }
        tick(position);
    }

    private void tick(long position) {
        if (++events % TICK_EVENTS != 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - tickedAt >= TICK_NANOS) {
            tickedAt = now;
            line.progress(position, total);
        }
    }

    private void tellLosses(Chunk chunk) throws IOException {
        long missing = 0;
        for (Map.Entry<Long, Integer> expected : chunk.events().entrySet()) {
            String name = types.getOrDefault(expected.getKey(), "");
            if (wanted.isEmpty() || wanted.contains(name)) {
                Delivered counter = delivered.get(name);
                missing += Math.max(0, expected.getValue() - (counter == null ? 0 : counter.events));
            }
        }
        if (missing > 0) {
            gap("events of a damaged chunk could not be read", missing);
        }
        for (Fact.Gap gap : reader.gaps(last)) {
            writer.write(gap);
        }
    }

    private void gap(String reason, long lost) throws IOException {
        if (lost == 0) {
            return; // as of a chunk that is still written, whose header says so
        }
        writer.write(new Fact.Gap(last, Duration.ZERO, reason, lost));
    }

    /** The next position that looks like the beginning of a chunk; the end of the file if none does. */
    private long nextChunk(FileChannel file, long from) throws IOException {
        WindowedBytes bytes = new WindowedBytes(file, 0);
        long position = from;
        while (position < total) {
            long end = Math.min(total, position + STRIDE);
            long found = bytes.find(position, end, CHUNK_BEGINS);
            if (found < end && Chunk.beginsAt(file, found)) {
                return found;
            }
            boolean none = found == end;
            position = !none ? found + 1 : end == total ? total : end - CHUNK_BEGINS.length + 1;
            writer.progress(position, total);
        }
        return total;
    }
}
