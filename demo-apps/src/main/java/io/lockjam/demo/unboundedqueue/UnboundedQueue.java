// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.unboundedqueue;

import io.lockjam.demo.RemoteTask;
import io.lockjam.demo.Stage;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A newsletter comes to 1,200 addresses a second, two threads send fewer than 1,000, and the pool's queue has no bound: it grows until
 * memory is gone.
 *
 * <p>Lockjam reports: pool-queue-growth, pool {@code newsletter-*}, tasks submitted in {@code UnboundedQueue.submit}. The
 * cure: a bounded queue, a caller that sends one itself when it is full, and enough threads.
 */
public final class UnboundedQueue {
    private static final int PER_BATCH = 12;
    /** The demo drops its queue here, long before the heap is full. */
    private static final int MOST_WAITING = 500_000;

    private final ThreadPoolExecutor newsletter;
    private final LongAdder sent = new LongAdder();

    private UnboundedQueue(Stage stage) {
        newsletter = stage.fixed()
                ? new ThreadPoolExecutor(
                        4,
                        4,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(200),
                        stage.named("newsletter"),
                        new ThreadPoolExecutor.CallerRunsPolicy())
                : new ThreadPoolExecutor(
                        2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), stage.named("newsletter"));
        stage.pool(newsletter);
    }

    public static void run(Stage stage) throws InterruptedException {
        UnboundedQueue shop = new UnboundedQueue(stage);
        stage.every(Duration.ofMillis(10), "marketing", shop::submit);
        stage.report(
                () -> shop.sent + " newsletters sent",
                "newsletters in the queue",
                () -> shop.newsletter.getQueue().size());
    }

    private void submit() {
        if (newsletter.getQueue().size() > MOST_WAITING) {
            newsletter.getQueue().clear();
        }
        for (int i = 0; i < PER_BATCH; i++) {
            newsletter.execute(new RemoteTask(2, sent));
        }
    }
}
