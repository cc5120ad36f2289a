// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.Connection;
import io.lockjam.control.Verb;
import org.jspecify.annotations.Nullable;

/** Has probes put into classes by the process at the other end of the control connection. */
record RemoteProber(Connection connection) implements WeaveService {
    private static final long TIMEOUT_MILLIS = 30_000;

    @Override
    public byte @Nullable [] weave(String name, @Nullable ClassLoader loader, byte[] original) throws Exception {
        byte[] request = new ClassBytes(name, System.identityHashCode(loader), original).write();
        return connection.request(Verb.PROBE_BYTES, request, TIMEOUT_MILLIS).bytes();
    }
}
