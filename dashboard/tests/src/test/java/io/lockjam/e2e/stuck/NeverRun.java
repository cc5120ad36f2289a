// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A task that is waited for and that nobody runs. */
final class NeverRun {
    private NeverRun() {}

    static void start() {
        new Thread(NeverRun::load, "never-client").start();
    }

    private static void load() {
        FutureTask<Integer> task = new FutureTask<>(() -> 42);
        try {
            task.get();
        } catch (InterruptedException | ExecutionException ending) {
            throw new IllegalStateException(ending);
        }
    }
}
