// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.pinnedcarrier;

import io.lockjam.demo.Work;

/** Loads a tariff from another service when it is asked to. */
final class Tariff {
    private Tariff() {}

    static int load() throws InterruptedException {
        Work.remoteCall(150);
        return 42;
    }
}
