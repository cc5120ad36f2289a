// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.lockacrossio;

import io.lockjam.demo.RemoteService;
import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * A cache of exchange rates asks the bank over a socket (25 ms) while it holds its monitor; all who want a rate that is
 * there wait for the network, too.
 *
 * <p>Lockjam reports: lock-held-across-blocking on the {@code LockAcrossIo} monitor, waited for in {@code rate}, held in
 * {@code refreshUnderLock}, which reads a socket. The cure: ask first, then take the lock to store the answer.
 */
public final class LockAcrossIo {
    private static final int SHOPPERS = 6;

    private final RemoteService.Client bank;
    private final LongAdder ratesRead = new LongAdder();
    private final WaitTotal waited = new WaitTotal();
    private int rate = 100;

    private LockAcrossIo(RemoteService.Client bank) {
        this.bank = bank;
    }

    public static void run(Stage stage) throws InterruptedException, IOException {
        LockAcrossIo cache = new LockAcrossIo(RemoteService.start(stage, 25).connect());
        stage.loops("shopper", SHOPPERS, () -> {
            long begin = System.nanoTime();
            cache.rate();
            cache.waited.since(begin);
            Work.remoteCall(5);
        });
        stage.loop("rate-refresh", () -> {
            if (stage.fixed()) {
                cache.refresh();
            } else {
                cache.refreshUnderLock();
            }
            Work.remoteCall(15);
        });
        stage.report(
                () -> cache.ratesRead + " rates read",
                "ms waited for the cache this second",
                cache.waited::millisSinceLast);
    }

    private synchronized int rate() {
        ratesRead.increment();
        return rate;
    }

    private synchronized void refreshUnderLock() throws IOException {
        rate = bank.call(rate % 100);
    }

    private void refresh() throws IOException {
        int fresh = bank.call(42);
        synchronized (this) {
            rate = fresh;
        }
    }
}
