// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a payload. Numbers are big-endian; bytes are an int length (-1 for null) and the bytes; a text is its UTF-8
 * bytes in that form; texts are an int count and the texts.
 */
public final class PayloadWriter {
    public static final byte[] EMPTY = {};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public PayloadWriter flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    public PayloadWriter tag(int value) {
        out.write(value);
        return this;
    }

    public PayloadWriter integer(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
        return this;
    }

    public PayloadWriter number(long value) {
        return integer((int) (value >>> 32)).integer((int) value);
    }

    public PayloadWriter real(double value) {
        return number(Double.doubleToRawLongBits(value));
    }

    public PayloadWriter bytes(byte @Nullable [] value) {
        if (value == null) {
            return integer(-1);
        }
        integer(value.length);
        out.write(value, 0, value.length);
        return this;
    }

    public PayloadWriter text(@Nullable String value) {
        return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    public PayloadWriter texts(List<String> values) {
        integer(values.size());
        for (String value : values) {
            text(value);
        }
        return this;
    }

    /** Forgets all that was written. */
    public void clear() {
        out.reset();
    }

    public int size() {
        return out.size();
    }

    public byte[] done() {
        return out.toByteArray();
    }
}
