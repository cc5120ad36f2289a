// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

/** A static initialiser that takes long while another thread needs the class. */
final class SlowClass {
    private SlowClass() {}

    static void start() {
        new Thread(SlowClass::use, "class-first").start();
        Stuck.moment();
        new Thread(SlowClass::use, "class-second").start();
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
