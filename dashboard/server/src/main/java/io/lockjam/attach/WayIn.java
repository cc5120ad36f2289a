// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a process can be asked to open its attach socket: the request is SIGQUIT, which ends a process that does not take it. A JVM takes it
 * from some way into its start, unless it has -Xrs, when its socket is there from the start.
 */
final class WayIn {
    private static final int QUIT = 3;
    private static final long LOOK_MILLIS = 50;
    /** Five seconds: a JVM takes the signal within one of its start. */
    private static final int LOOKS = 100;

    static final String CLOSED =
            "it does not take the signal that asks for the way in and would be ended by it, as a JVM with -Xrs whose socket was removed";

    private WayIn() {}

    /** @throws Patience.NoAnswer if the process must not be asked */
    static void await(Target target) throws IOException {
        await(target, LOOKS);
    }

    static void await(Target target, int looks) throws IOException {
        for (int look = 0; !open(target); look++) {
            if (look >= looks || !target.alive()) {
                throw new Patience.NoAnswer(target.alive() ? CLOSED : "it has ended");
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + target.label(), cut);
            }
        }
    }

    private static boolean open(Target target) throws IOException {
        return target.proc().takes(QUIT) || Files.exists(socket(target));
    }

    static Path socket(Target target) throws IOException {
        return target.proc().outer(Path.of("/tmp/.java_pid" + target.proc().innerPid()));
    }
}
