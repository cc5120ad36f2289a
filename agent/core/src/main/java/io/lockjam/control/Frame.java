// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.nio.ByteBuffer;

/**
 * One message. On the wire: int length of the rest, byte verb, int id, payload.
 *
 * @param id what a reply carries back; 0 if none is expected
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed once sent
public record Frame(Verb verb, int id, byte[] payload) {
    /** Verb and id. */
    static final int HEAD = 5;

    /** Longest length field. A class file has at most a few hundred kilobytes, so this is ample. */
    static final int LIMIT = 16 << 20;

    public PayloadReader read() {
        return new PayloadReader(payload);
    }

    /** @throws ProtocolException if the payload is too long for a frame */
    ByteBuffer encode() throws ProtocolException {
        if (payload.length > LIMIT - HEAD) {
            throw new ProtocolException(verb + " with " + payload.length + " bytes is too long to send");
        }
        ByteBuffer wire = ByteBuffer.allocate(4 + HEAD + payload.length);
        wire.putInt(HEAD + payload.length).put((byte) verb.code()).putInt(id).put(payload);
        return wire.flip();
    }
}
