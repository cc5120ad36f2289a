// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

/** A class that takes 20 ms to initialise. */
final class SlowStart {
    static {
        try {
            Thread.sleep(20);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private SlowStart() {}
}
