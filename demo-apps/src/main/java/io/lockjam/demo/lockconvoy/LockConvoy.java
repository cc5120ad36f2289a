// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.lockconvoy;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sixteen brokers wake at each tick of the market and write the audit log at three places of their work. The log's lock
 * is fair and held for 0.1 ms, yet everybody queues behind everybody again and again.
 *
 * <p>Lockjam reports: lock-convoy on {@code LockConvoy.logLock}, waited for in {@code checkLimits}, {@code placeOrder}
 * and {@code confirm}. The cure: brokers hand their lines to one writer, and no broker needs the lock.
 */
public final class LockConvoy {
    private static final int BROKERS = 16;

    private final ReentrantLock logLock = new ReentrantLock(true);
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final LongAdder linesWritten = new LongAdder();
    private final WaitTotal waited = new WaitTotal();
    private final boolean handOver;

    private LockConvoy(boolean handOver) {
        this.handOver = handOver;
    }

    public static void run(Stage stage) throws InterruptedException {
        LockConvoy market = new LockConvoy(stage.fixed());
        for (int i = 1; i <= BROKERS; i++) {
            stage.every(Duration.ofMillis(10), "broker-" + i, market::trade);
        }
        if (stage.fixed()) {
            stage.loop("audit-writer", () -> market.write(market.lines.take()));
        }
        stage.report(
                () -> market.linesWritten + " lines written",
                "ms waited for the lock this second",
                market.waited::millisSinceLast);
    }

    private void trade() {
        checkLimits();
        placeOrder();
        confirm();
    }

    private void checkLimits() {
        audit("limits checked");
    }

    private void placeOrder() {
        audit("order placed");
    }

    private void confirm() {
        audit("confirmed");
    }

    private void audit(String line) {
        if (handOver) {
            lines.add(line);
            return;
        }
        long begin = System.nanoTime();
        logLock.lock();
        try {
            waited.since(begin);
            write(line);
        } finally {
            logLock.unlock();
        }
    }

    private void write(String line) {
        Work.compute(90L + line.length() % 10);
        linesWritten.increment();
    }
}
