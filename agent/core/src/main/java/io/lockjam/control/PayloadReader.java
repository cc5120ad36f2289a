// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a payload apart in the order {@link PayloadWriter} wrote it; every length is checked against what is there. */
public final class PayloadReader {
    private final ByteBuffer in;

    public PayloadReader(byte[] payload) {
        in = ByteBuffer.wrap(payload);
    }

    public boolean flag() throws ProtocolException {
        return tag() != 0;
    }

    public int tag() throws ProtocolException {
        need(1);
        return in.get() & 0xff;
    }

    public int integer() throws ProtocolException {
        need(4);
        return in.getInt();
    }

    public long number() throws ProtocolException {
        need(8);
        return in.getLong();
    }

    public double real() throws ProtocolException {
        return Double.longBitsToDouble(number());
    }

    public byte @Nullable [] bytes() throws ProtocolException {
        int length = integer();
        if (length == -1) {
            return null;
        }
        need(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    public @Nullable String textOrNull() throws ProtocolException {
        byte[] bytes = bytes();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    public String text() throws ProtocolException {
        String text = textOrNull();
        if (text == null) {
            throw new ProtocolException("a text is missing");
        }
        return text;
    }

    public List<String> texts() throws ProtocolException {
        int count = count(4);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }

    /** An int that announces how many things of at least {@code least} bytes follow. */
    int count(int least) throws ProtocolException {
        int count = integer();
        if (count < 0 || (long) count * least > in.remaining()) {
            throw new ProtocolException(count + " entries announced in " + in.remaining() + " bytes");
        }
        return count;
    }

    private void need(int bytes) throws ProtocolException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new ProtocolException(bytes + " bytes announced where " + in.remaining() + " are left");
        }
    }
}
