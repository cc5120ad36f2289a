// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.eventloopvsthreads;

import java.net.SocketAddress;

/** A server on loopback that sends each byte back. */
interface ChatServer {
    String name();

    SocketAddress address();

    /** Platform threads started for connections so far. */
    long threadsStarted();
}
