// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.threadleak;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/**
 * Each customer's session brings its own one-thread pool, and nobody shuts it down when the session is over.
 *
 * <p>Lockjam reports: thread-leak, threads {@code session-*}, made in {@code ThreadLeak.serveWithOwnPool} (submitter).
 * The cure: one pool for all sessions.
 */
public final class ThreadLeak {
    /** The demo stops leaking here, well below what a machine bears. */
    private static final int MOST_THREADS = 2_000;

    private final ThreadFactory sessionThreads;
    private final ExecutorService shared;
    private final LongAdder sessions = new LongAdder();
    private final LongAdder leaked = new LongAdder();

    private ThreadLeak(Stage stage) {
        sessionThreads = stage.named("session");
        shared = stage.pool(Executors.newFixedThreadPool(2, sessionThreads));
    }

    public static void run(Stage stage) throws InterruptedException {
        ThreadLeak shop = new ThreadLeak(stage);
        stage.every(Duration.ofMillis(100), "shop", stage.fixed() ? shop::serveWithSharedPool : shop::serveWithOwnPool);
        stage.report(() -> shop.sessions + " sessions served", "threads left behind", shop.leaked::sum);
    }

    private void serveWithOwnPool() {
        if (leaked.sum() < MOST_THREADS) {
            ExecutorService own = Executors.newFixedThreadPool(1, sessionThreads);
            own.execute(this::serve);
            leaked.increment();
        }
    }

    private void serveWithSharedPool() {
        shared.execute(this::serve);
    }

    private void serve() {
        try {
            Work.remoteCall(20);
            sessions.increment();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
