// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.Connection;
import io.lockjam.control.Verb;
import org.jspecify.annotations.Nullable;

/**
 * Has classes woven by the process at the other end of the control connection.
 *
 * @param connection polled by the thread that retransforms, so that it reads the answer itself
 * @param verb what is asked for: hooks or probes
 */
record RemoteWeaver(Connection connection, Verb verb) implements WeaveService {
    /** The first class starts Byte Buddy over there, which takes seconds on a busy machine. */
    private static final long TIMEOUT_MILLIS = 30_000;

    static RemoteWeaver hooks(Connection connection) {
        return new RemoteWeaver(connection, Verb.BYTES);
    }

    static RemoteWeaver probes(Connection connection) {
        return new RemoteWeaver(connection, Verb.PROBE_BYTES);
    }

    @Override
    public byte @Nullable [] weave(String name, @Nullable ClassLoader loader, byte[] original) throws Exception {
        byte[] request = new ClassBytes(name, System.identityHashCode(loader), original).write();
        return connection.request(verb, request, TIMEOUT_MILLIS).bytes();
    }
}
