// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls methods of another file, and begins tasks later; only read, never run. */
@SuppressWarnings({"unused", "FutureReturnValueIgnored"}) // only the code is of interest
final class ClocksUser {
    void again(Clocks.Polled polled, ScheduledExecutorService clock) {
        polled.start(clock);
    }

    static final class Delayed {
        private final CompletableFuture<String> result = new CompletableFuture<>();

        void start() {
            CompletableFuture.runAsync(
                    () -> result.complete(""), CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES));
        }

        String gather() throws Exception {
            return result.get();
        }

        String gatherOwn() throws Exception {
            CompletableFuture<String> own = new CompletableFuture<>();
            CompletableFuture.runAsync(() -> own.complete(""), CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES));
            return own.get();
        }
    }

    /** Hands on tasks of others to a clock. */
    static final class Handing {
        private final CompletableFuture<String> result = new CompletableFuture<>();

        void start(ExecutorService pool, ScheduledExecutorService clock, Runnable task) {
            pool.execute(this::work);
            clock.schedule(task, 1, TimeUnit.SECONDS);
        }

        private void work() {
            result.complete("");
        }

        String gather() throws Exception {
            return result.get();
        }
    }

    interface Sink {
        void put(String line);
    }

    static class Box implements Sink {
        @Override
        public void put(String line) {}
    }

    static final class Chest extends Box {}

    void fill(Sink sink, Chest chest, StringBuilder other) {
        other.append("");
        sink.put("");
        chest.put("");
    }

    private ClocksUser() {}
}
