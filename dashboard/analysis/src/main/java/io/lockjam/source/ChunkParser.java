// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads the events of one chunk in the order in which they lie there; makes objects only of what is asked for.
 *
 * <p>The JDK's parser makes an object of every field of every event. What is damaged inside ends in an
 * {@link IndexOutOfBoundsException}.
 */
final class ChunkParser {
    private static final int START_NANOS = 32;
    private static final int START_TICKS = 48;
    private static final int TICKS_PER_SECOND = 56;
    private static final int FLAGS = 67;
    private static final int COMPRESSED = 1;

    private final ChunkBytes bytes;
    private final Map<Long, Layout> types;
    private final ParsedEvent event;

    /** Takes an event that is valid until the next one. */
    interface Sink {
        /**
         * One event.
         *
         * @param position in the chunk
         */
        void take(String name, EventFields event, int position);
    }

    /** @param buffer the chunk as far as it is whole */
    ChunkParser(ByteBuffer buffer, Chunk chunk, Interner interner) {
        if ((buffer.get(FLAGS) & COMPRESSED) == 0) {
            throw new IndexOutOfBoundsException("numbers are not compressed");
        }
        bytes = new ChunkBytes(buffer);
        types = new Metadata(bytes, (int) chunk.metadata()).types();
        ChunkClock clock = new ChunkClock(
                buffer.getLong(START_TICKS), buffer.getLong(START_NANOS), buffer.getLong(TICKS_PER_SECOND) / 1e9);
        event = new ParsedEvent(new ChunkConstants(buffer, types, chunk.checkpoints(), interner), clock);
    }

    /** Names of all types, by number. */
    Map<Long, String> types() {
        Map<Long, String> names = new HashMap<>();
        types.forEach((id, layout) -> names.put(id, layout.name));
        return names;
    }

    /** Hands out the events of some types; those that are damaged are left out. */
    void read(Set<String> wanted, Sink sink) {
        Map<Long, Layout> layouts = new HashMap<>(types);
        layouts.values().removeIf(layout -> !wanted.contains(layout.name));
        long known = -1; // many of one type follow each other
        Layout layout = null;
        int next;
        for (int position = Chunk.HEADER; position < bytes.limit(); position = next) {
            bytes.position(position);
            next = position + (int) bytes.number();
            long type = bytes.number();
            if (type != known) {
                layout = layouts.get(type);
                known = type;
            }
            if (layout != null && isRead(type, layout, next)) {
                sink.take(layout.name, event, position);
            }
        }
    }

    private boolean isRead(long type, Layout layout, int end) {
        try {
            event.read(type, layout, bytes);
            return bytes.position() <= end;
        } catch (IndexOutOfBoundsException damaged) {
            return false; // and so missing when the events are counted
        }
    }
}
