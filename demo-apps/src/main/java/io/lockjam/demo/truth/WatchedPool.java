// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A pool of one thread that knows how long it waited for work. */
final class WatchedPool extends ThreadPoolExecutor {
    private final ThreadLocal<Sums> sums;

    /** @param watched told of the worker's sums once it has them */
    WatchedPool(String name, Consumer<Sums> watched) {
        super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Rounds.platform(name));
        sums = ThreadLocal.withInitial(() -> begin(watched));
    }

    @Override
    protected void beforeExecute(Thread worker, Runnable task) {
        end("idle");
    }

    @Override
    protected void afterExecute(Runnable task, Throwable fault) {
        end("unknown");
    }

    private void end(String part) {
        try {
            sums.get().ended(part);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Sums begin(Consumer<Sums> watched) {
        try {
            Sums begun = Sums.ofThisThread();
            watched.accept(begun);
            return begun;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
