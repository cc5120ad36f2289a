// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.globallock;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Eight script threads share one interpreter and its lock: they take turns, and the work of one gets done.
 *
 * <p>Lockjam reports: global-lock on {@code GlobalLock.interpreterLock}, waited for and held in {@code GlobalLock.runScript}.
 * The cure: the scripts share nothing, so each has an interpreter, and a lock, of its own.
 */
public final class GlobalLock {
    private static final int SCRIPTS = 8;

    private final ReentrantLock interpreterLock = new ReentrantLock();
    private final LongAdder scriptsRun;
    private final WaitTotal waited;

    private GlobalLock(LongAdder scriptsRun, WaitTotal waited) {
        this.scriptsRun = scriptsRun;
        this.waited = waited;
    }

    public static void run(Stage stage) throws InterruptedException {
        LongAdder scriptsRun = new LongAdder();
        WaitTotal waited = new WaitTotal();
        GlobalLock shared = new GlobalLock(scriptsRun, waited);
        for (int i = 1; i <= SCRIPTS; i++) {
            GlobalLock interpreter = stage.fixed() ? new GlobalLock(scriptsRun, waited) : shared;
            stage.loop("script-" + i, () -> {
                interpreter.runScript();
                Work.remoteCall(8);
            });
        }
        stage.report(() -> scriptsRun + " scripts run", "ms waited for the lock this second", waited::millisSinceLast);
    }

    private void runScript() {
        long begin = System.nanoTime();
        interpreterLock.lock();
        try {
            waited.since(begin);
            Work.compute(2_000);
            scriptsRun.increment();
        } finally {
            interpreterLock.unlock();
        }
    }
}
