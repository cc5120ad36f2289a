// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.jfr.EventType;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedEvent;

/**
 * Reads a recording chunk by chunk and writes its facts; runs in the child process.
 *
 * <p>A chunk is copied into a file of its own, cut to what is whole, so that damage costs that chunk at most. The JDK's stream
 * reports no damage inside a chunk, it just ends; so the events it hands out are counted against those that the chunk holds.
 * (EventStream rather than RecordingFile: it parses only the types that were asked for.)
 */
final class RecordingReader {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Events between two looks at the clock, which costs as much as half an event. */
    private static final int TICK_EVENTS = 256;

    private final Path path;
    private final Path folder;
    private final FactWriter writer;
    private final EventReader reader = new EventReader(0);
    private final FactSorter sorter;
    private final Map<Long, Integer> delivered = new HashMap<>();
    private final Map<Long, String> wanted = new HashMap<>();
    private Set<String> subscribed = Set.of();
    private long total;
    private long events;
    private long tickedAt;
    private boolean usable;
    private Instant last = Instant.EPOCH;

    RecordingReader(Path path, Path folder, FactWriter writer) {
        this.path = path;
        this.folder = folder;
        this.writer = writer;
        this.sorter = new FactSorter(writer, reader::settled);
    }

    void read() throws IOException, UnreadableRecordingException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
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
        boolean alone = chunk.offset() == 0 && chunk.whole() == total && chunk.finished();
        Path own = alone ? path : folder.resolve("chunk.jfr");
        if (!alone) {
            chunk.copy(file, own);
        }
        delivered.clear();
        wanted.clear();
        try (EventStream stream = EventStream.openFile(own)) {
            stream.setReuse(true);
            stream.setOrdered(false); // ordered would hold a chunk's events in memory; facts are smaller
            stream.onMetadata(metadata -> types(metadata.getEventTypes()));
            subscribed = Set.copyOf(reader.wanted());
            for (String name : subscribed) {
                stream.onEvent(name, event -> read(event, chunk));
            }
            stream.start();
        } catch (IOException | RuntimeException broken) {
            reader.trouble("chunks could not be opened: " + broken.getClass().getSimpleName());
        }
        sorter.flush();
        tellLosses(chunk);
        if (!alone) {
            Files.deleteIfExists(own);
        }
    }

    private void types(List<EventType> types) {
        for (EventType type : types) {
            if (subscribed.contains(type.getName())) {
                wanted.put(type.getId(), type.getName());
            }
        }
        reader.types(types);
        usable |= !wanted.isEmpty();
    }

    private void read(RecordedEvent event, Chunk chunk) {
        delivered.merge(event.getEventType().getId(), 1, Integer::sum);
        Fact fact = reader.read(event);
        try {
            while (fact != null) {
                last = fact.at();
                sorter.accept(fact);
                fact = reader.further();
            }
            tick(chunk, event);
        } catch (IOException parentGone) {
            System.exit(1); // nobody reads any more
        }
    }

    private void tick(Chunk chunk, RecordedEvent event) throws IOException {
        if (++events % TICK_EVENTS != 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - tickedAt < TICK_NANOS) {
            return;
        }
        tickedAt = now;
        double share = chunk.duration().isZero()
                ? 0
                : (double) Times.nanos(Duration.between(chunk.start(), event.getStartTime()))
                        / Times.nanos(chunk.duration());
        long inChunk = (long) (Math.max(0, Math.min(1, share)) * chunk.whole());
        writer.progress(Math.min(total, chunk.offset() + inChunk), total);
    }

    private void tellLosses(Chunk chunk) throws IOException {
        long missing = 0;
        for (Map.Entry<Long, Integer> expected : chunk.events().entrySet()) {
            if (wanted.isEmpty() || wanted.containsKey(expected.getKey())) {
                missing += Math.max(0, expected.getValue() - delivered.getOrDefault(expected.getKey(), 0));
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
        writer.write(new Fact.Gap(last, Duration.ZERO, reason, lost));
    }

    /** The next position that looks like the beginning of a chunk; the end of the file if none does. */
    private long nextChunk(FileChannel file, long from) throws IOException {
        WindowedBytes bytes = new WindowedBytes(file, 0);
        long position = bytes.find(from, total, new byte[] {'F', 'L', 'R', 0});
        while (position < total && !Chunk.beginsAt(file, position)) {
            position = bytes.find(position + 1, total, new byte[] {'F', 'L', 'R', 0});
        }
        return position;
    }
}
