// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.ioboundtoofew;

import io.lockjam.demo.Arrivals;
import io.lockjam.demo.RemoteService;
import io.lockjam.demo.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Two threads, "one per core", ask the bank over a socket, 50 ms each, for 39 payments a second. They wait nearly all
 * their time, the processor idles, and payments queue.
 *
 * <p>Lockjam reports: pool-undersized, pool {@code payment-*}, task {@code IoBoundTooFew.pay}, which reads a socket. The
 * cure: as many threads as payments are under way, with room: four.
 */
public final class IoBoundTooFew {
    private static final int LEFT_FROM_YESTERDAY = 60;

    private final ThreadPoolExecutor payments;
    private final ArrayBlockingQueue<RemoteService.Client> lines;
    private final Arrivals orders = new Arrivals(39);
    private final LongAdder paid = new LongAdder();

    private IoBoundTooFew(Stage stage) throws IOException {
        int threads = stage.fixed() ? 4 : 2;
        payments = stage.pool((ThreadPoolExecutor) Executors.newFixedThreadPool(threads, stage.named("payment")));
        lines = new ArrayBlockingQueue<>(threads);
        RemoteService bank = RemoteService.start(stage, 50);
        for (int i = 0; i < threads; i++) {
            lines.add(bank.connect());
        }
    }

    public static void run(Stage stage) throws InterruptedException, IOException {
        IoBoundTooFew shop = new IoBoundTooFew(stage);
        if (!stage.fixed()) {
            for (int i = 0; i < LEFT_FROM_YESTERDAY; i++) {
                shop.payments.execute(shop::pay);
            }
        }
        stage.loop("orders", () -> {
            shop.orders.await();
            shop.payments.execute(shop::pay);
        });
        stage.report(
                () -> shop.paid + " payments",
                "payments waiting for a thread",
                () -> shop.payments.getQueue().size());
    }

    private void pay() {
        RemoteService.Client line = lines.remove(); // one per thread, so there is always one
        try {
            if (line.call(1) == 1) {
                paid.increment();
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } finally {
            lines.add(line);
        }
    }
}
