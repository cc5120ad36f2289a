// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.io.IOException;

/** A program whose output nobody reads, and one that has none. */
final class Children {
    private Children() {}

    static void start() {
        new Thread(() -> run("yes"), "child-unread").start();
        new Thread(() -> run("sleep", "60"), "sound-child").start();
    }

    private static void run(String... command) {
        try {
            Process child = new ProcessBuilder(command).start();
            Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
            child.waitFor();
        } catch (IOException | InterruptedException ending) {
            throw new IllegalStateException(ending);
        }
    }
}
