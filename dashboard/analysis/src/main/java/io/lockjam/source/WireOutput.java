// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the values that facts are made of, each string, thread, frame and stack once per table. */
final class WireOutput {
    /** A number is a byte or two; handing each to a stream took a tenth of the reading. */
    private static final int BUFFER = 1 << 13;

    private static final int LONGEST_NUMBER = 10;

    private final DataOutput out;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private final Map<String, Integer> texts = new HashMap<>();
    private final Map<Frame, Integer> frames = new HashMap<>();
    /** By identity: sources hand out one object per distinct thread and stack, and hashing dozens of frames costs more than it saves. */
    private final IdentityHashMap<ThreadRef, Integer> threads = new IdentityHashMap<>();

    private final IdentityHashMap<Stack, Integer> stacks = new IdentityHashMap<>();

    private long lastNanos;
    /** Bytes of kept strings and references in kept stacks. */
    private long kept;

    WireOutput(DataOutput out) {
        this.out = out;
    }

    /** Hands over what has been gathered. */
    void flush() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }

    void tag(int tag) throws IOException {
        put(tag);
    }

    /** Resets the tables if one is full; only between facts. */
    void trim() throws IOException {
        int largest = Math.max(Math.max(texts.size(), threads.size()), Math.max(frames.size(), stacks.size()));
        if (largest >= Wire.TABLE_SIZE || kept >= Wire.TABLE_WEIGHT) {
            tag(Wire.RESET);
            kept = 0;
            texts.clear();
            threads.clear();
            frames.clear();
            stacks.clear();
        }
    }

    void unsigned(long value) throws IOException {
        if (filled > BUFFER - LONGEST_NUMBER) {
            flush();
        }
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[filled++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer[filled++] = (byte) rest;
    }

    void signed(long value) throws IOException {
        unsigned((value << 1) ^ (value >> 63));
    }

    void truth(boolean value) throws IOException {
        put(value ? 1 : 0);
    }

    void real(double value) throws IOException {
        flush();
        out.writeDouble(value);
    }

    void instant(Instant at) throws IOException {
        long nanos = Times.nanos(at);
        signed(nanos - lastNanos);
        lastNanos = nanos;
    }

    void duration(Duration duration) throws IOException {
        signed(Times.nanos(duration));
    }

    void text(@Nullable String text) throws IOException {
        if (text == null) {
            unsigned(Wire.NULL);
            return;
        }
        if (known(text, texts)) {
            return;
        }
        kept += bytes(text);
        texts.put(text, texts.size());
    }

    /** Writes a text that will not come again, such as a histogram. */
    void inline(String text) throws IOException {
        unsigned(Wire.INLINE);
        bytes(text);
    }

    private void put(int octet) throws IOException {
        if (filled == BUFFER) {
            flush();
        }
        buffer[filled++] = (byte) octet;
    }

    private int bytes(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Wire.LONGEST_TEXT);
        unsigned(length);
        flush();
        out.write(bytes, 0, length);
        return length;
    }

    void thread(@Nullable ThreadRef thread) throws IOException {
        if (thread == null) {
            unsigned(Wire.NULL);
            return;
        }
        if (known(thread, threads)) {
            return;
        }
        signed(thread.id());
        text(thread.name());
        truth(thread.virtual());
        signed(thread.osId());
        threads.put(thread, threads.size());
    }

    void lock(LockRef lock) throws IOException {
        text(lock.className());
        text(lock.identity());
    }

    void stack(Stack stack) throws IOException {
        if (known(stack, stacks)) {
            return;
        }
        List<Frame> all = stack.frames();
        int depth = Math.min(all.size(), Wire.DEEPEST_STACK);
        unsigned(depth);
        for (Frame frame : all.subList(0, depth)) {
            frame(frame);
        }
        kept += 4L * depth;
        stacks.put(stack, stacks.size());
    }

    void texts(List<String> list) throws IOException {
        int size = length(list.size());
        for (String each : list.subList(0, size)) {
            text(each);
        }
    }

    /** Writes the length of a list, cut to the limit, and returns it. */
    int length(int size) throws IOException {
        int cut = Math.min(size, Wire.LONGEST_LIST);
        unsigned(cut);
        return cut;
    }

    private void frame(Frame frame) throws IOException {
        if (known(frame, frames)) {
            return;
        }
        text(frame.className());
        text(frame.method());
        text(frame.descriptor());
        text(frame.file());
        signed(frame.line());
        signed(frame.bytecodeIndex());
        frames.put(frame, frames.size());
    }

    /** Writes a reference; false if the value itself has to follow. */
    private <T> boolean known(T value, Map<T, Integer> table) throws IOException {
        Integer number = table.get(value);
        unsigned(number == null ? Wire.KEPT : Wire.FIRST_NUMBER + number);
        return number != null;
    }
}
