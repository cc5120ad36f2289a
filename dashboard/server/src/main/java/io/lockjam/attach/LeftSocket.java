// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The attach socket that a JVM with the same pid left behind when it was killed: whoever attaches finds it and is refused.
 *
 * <p>A starting JVM removes it, but not if it is another user's.
 */
final class LeftSocket {
    private LeftSocket() {}

    /** Removes it if nobody listens to it; returns whether it was there and is gone. */
    static boolean remove(Target target) {
        try {
            Path socket = WayIn.socket(target);
            return Files.exists(socket) && deserted(socket) && Files.deleteIfExists(socket);
        } catch (IOException | RuntimeException notOurs) {
            return false;
        }
    }

    private static boolean deserted(Path socket) throws IOException {
        try (SocketChannel listened = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return !listened.isConnected();
        } catch (ConnectException refused) {
            return true;
        }
    }
}
