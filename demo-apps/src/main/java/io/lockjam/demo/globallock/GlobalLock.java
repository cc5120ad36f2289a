// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.globallock;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Six script threads share one interpreter lock: they take turns, and the work of one gets done.
 *
 * <p>Lockjam reports: global-lock (and lock-contention) on {@code GlobalLock.interpreterLock}, waited for and held in
 * {@code GlobalLock.runUnderLock}. The cure: the scripts share nothing, so each interpreter has a lock of its own.
 */
public final class GlobalLock {
    private static final int SCRIPTS = 6;

    private final ReentrantLock interpreterLock = new ReentrantLock();
    private final LongAdder scriptsRun = new LongAdder();
    private final WaitTotal waited = new WaitTotal();

    private GlobalLock() {}

    public static void run(Stage stage) throws InterruptedException {
        GlobalLock shared = new GlobalLock();
        for (int i = 1; i <= SCRIPTS; i++) {
            ReentrantLock lock = stage.fixed() ? new ReentrantLock() : shared.interpreterLock;
            stage.loop("script-" + i, () -> {
                shared.runUnderLock(lock);
                Work.remoteCall(6);
            });
        }
        stage.report(
                () -> shared.scriptsRun + " scripts run",
                "ms waited for the lock this second",
                shared.waited::millisSinceLast);
    }

    private void runUnderLock(ReentrantLock lock) {
        long begin = System.nanoTime();
        lock.lock();
        try {
            waited.since(begin);
            Work.compute(2_000);
            scriptsRun.increment();
        } finally {
            lock.unlock();
        }
    }
}
