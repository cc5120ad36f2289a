// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.lang.ref.Cleaner;

/** A cleaner that sleeps for each thing that is to be freed, and one that does not. */
final class SlowCleaner {
    private static final int THINGS = 200;
    private static final Cleaner SLOW = Cleaner.create();
    private static final Cleaner QUICK = Cleaner.create();

    private SlowCleaner() {}

    static void start() {
        for (int i = 0; i < THINGS; i++) {
            SLOW.register(new Object(), SlowCleaner::free);
            QUICK.register(new Object(), Thread::onSpinWait);
        }
    }

    private static void free() {
        Stuck.moment();
    }
}
