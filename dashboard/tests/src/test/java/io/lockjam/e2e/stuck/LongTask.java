// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A task that takes long. */
final class LongTask {
    private LongTask() {}

    static void start() {
        new Thread(LongTask::load, "sound-client").start();
    }

    private static void load() {
        FutureTask<Integer> task = new FutureTask<>(() -> {
            Stuck.sleep();
            return 42;
        });
        new Thread(task, "sound-runner").start();
        try {
            task.get();
        } catch (InterruptedException | ExecutionException ending) {
            throw new IllegalStateException(ending);
        }
    }
}
