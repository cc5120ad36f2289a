// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts the bytes of a connection into frames. Memory grows with what has come in, not with what a length announces. */
final class FrameReader {
    private static final int FIRST_ROOM = 8 << 10;

    private byte[] held = new byte[FIRST_ROOM];
    private int count;

    /** Takes over all that {@code in} has. */
    void feed(ByteBuffer in) {
        int more = in.remaining();
        if (held.length - count < more) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, count + more));
        }
        in.get(held, count, more);
        count += more;
    }

    /**
     * Returns the next whole frame, or null if more bytes are needed.
     *
     * @throws ProtocolException if the length or the verb cannot be right
     */
    @Nullable
    Frame next() throws ProtocolException {
        if (count < 4) {
            return null;
        }
        ByteBuffer view = ByteBuffer.wrap(held, 0, count);
        int length = view.getInt();
        if (length < Frame.HEAD || length > Frame.LIMIT) {
            throw new ProtocolException("a frame cannot have the length " + length);
        }
        if (view.remaining() < length) {
            return null;
        }
        Verb verb = Verb.of(view.get() & 0xff);
        int id = view.getInt();
        byte[] payload = new byte[length - Frame.HEAD];
        view.get(payload);
        drop(4 + length);
        return new Frame(verb, id, payload);
    }

    private void drop(int bytes) {
        count -= bytes;
        System.arraycopy(held, bytes, held, 0, count);
        if (held.length > FIRST_ROOM * 16 && count < FIRST_ROOM) {
            held = Arrays.copyOf(held, FIRST_ROOM);
        }
    }
}
