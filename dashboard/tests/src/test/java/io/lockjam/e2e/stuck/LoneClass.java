// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

/** A static initialiser that takes long and that nobody waits for. */
final class LoneClass {
    private LoneClass() {}

    static void start() {
        new Thread(LoneClass::use, "sound-class").start();
    }

    private static void use() {
        if (Prices.KNOWN < 0) {
            throw new IllegalStateException();
        }
    }

    private static final class Prices {
        static final int KNOWN = load();

        private static int load() {
            Stuck.sleep();
            return 1;
        }
    }
}
