// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the values that facts are made of; trusts no length, number or reference it is given. */
final class WireInput {
    /** A fact is some thirty octets, and to ask a stream for one is a call that takes a lock. */
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int filled;
    private final List<String> texts = new ArrayList<>();
    private final List<ThreadRef> threads = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final List<Stack> stacks = new ArrayList<>();
    private long lastNanos;
    /** Bytes of kept strings and references in kept stacks. */
    private long kept;

    WireInput(InputStream in) {
        this.in = in;
    }

    /** @throws EOFException if there is none */
    int octet() throws IOException {
        if (at == filled) {
            fill();
        }
        return buffer[at++] & 0xFF;
    }

    private void fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer, 0, BUFFER));
        if (filled == 0) {
            throw new EOFException("the stream of facts ends in the middle");
        }
    }

    private byte[] octets(int length) throws IOException {
        byte[] octets = new byte[length];
        int done = 0;
        while (done < length) {
            if (at == filled) {
                fill();
            }
            int step = Math.min(length - done, filled - at);
            System.arraycopy(buffer, at, octets, done, step);
            at += step;
            done += step;
        }
        return octets;
    }

    void reset() {
        kept = 0;
        texts.clear();
        threads.clear();
        frames.clear();
        stacks.clear();
    }

    long unsigned() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7F) << shift;
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        throw new FormatException("a number is longer than 64 bits");
    }

    long signed() throws IOException {
        long value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    int number() throws IOException {
        long value = signed();
        if (value != (int) value) {
            throw new FormatException("a number does not fit 32 bits: " + value);
        }
        return (int) value;
    }

    boolean truth() throws IOException {
        return octet() != 0;
    }

    double real() throws IOException {
        double value = ByteBuffer.wrap(octets(Double.BYTES)).getDouble();
        return Double.isFinite(value) ? value : 0;
    }

    Instant instant() throws IOException {
        lastNanos += signed();
        return Times.instant(lastNanos);
    }

    Duration duration() throws IOException {
        return Duration.ofNanos(signed());
    }

    int length(int limit) throws IOException {
        long length = unsigned();
        if (length < 0 || length > limit) {
            throw new FormatException("a length of " + length + " is beyond the limit of " + limit);
        }
        return (int) length;
    }

    String text() throws IOException {
        return required(optionalText(), "text");
    }

    @Nullable
    String optionalText() throws IOException {
        long reference = unsigned();
        if (reference == Wire.KEPT || reference == Wire.INLINE) {
            byte[] bytes = octets(length(Wire.LONGEST_TEXT));
            charge(reference, bytes.length);
            return keep(reference, new String(bytes, StandardCharsets.UTF_8), texts);
        }
        return kept(reference, texts);
    }

    ThreadRef thread() throws IOException {
        return required(optionalThread(), "thread");
    }

    @Nullable
    ThreadRef optionalThread() throws IOException {
        long reference = unsigned();
        if (reference == Wire.KEPT || reference == Wire.INLINE) {
            return keep(reference, new ThreadRef(signed(), text(), truth(), signed()), threads);
        }
        return kept(reference, threads);
    }

    LockRef lock() throws IOException {
        return new LockRef(text(), text());
    }

    Stack stack() throws IOException {
        long reference = unsigned();
        if (reference == Wire.KEPT || reference == Wire.INLINE) {
            int depth = length(Wire.DEEPEST_STACK);
            List<Frame> own = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                own.add(frame());
            }
            charge(reference, 4L * depth);
            return keep(reference, own.isEmpty() ? Stack.EMPTY : new Stack(own), stacks);
        }
        return required(kept(reference, stacks), "stack");
    }

    List<String> texts() throws IOException {
        int size = length(Wire.LONGEST_LIST);
        List<String> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(text());
        }
        return list;
    }

    private Frame frame() throws IOException {
        long reference = unsigned();
        if (reference == Wire.KEPT || reference == Wire.INLINE) {
            Frame frame = new Frame(text(), text(), optionalText(), optionalText(), number(), number());
            return keep(reference, frame, frames);
        }
        return required(kept(reference, frames), "frame");
    }

    private void charge(long reference, long weight) throws FormatException {
        kept += reference == Wire.KEPT ? weight : 0;
        if (kept > 2 * Wire.TABLE_WEIGHT) {
            throw new FormatException("the tables hold more than " + 2 * Wire.TABLE_WEIGHT + " bytes");
        }
    }

    private static <T> T keep(long reference, T value, List<T> table) throws FormatException {
        if (reference == Wire.KEPT) {
            if (table.size() >= Wire.LARGEST_TABLE) {
                throw new FormatException("a table has more than " + Wire.LARGEST_TABLE + " entries");
            }
            table.add(value);
        }
        return value;
    }

    private static <T> @Nullable T kept(long reference, List<T> table) throws FormatException {
        if (reference == Wire.NULL) {
            return null;
        }
        long number = reference - Wire.FIRST_NUMBER;
        if (number < 0 || number >= table.size()) {
            throw new FormatException("entry " + number + " of a table of " + table.size());
        }
        return table.get((int) number);
    }

    private static <T> T required(@Nullable T value, String what) throws FormatException {
        if (value == null) {
            throw new FormatException("a " + what + " is missing");
        }
        return value;
    }
}
