// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.coroutines;

import io.lockjam.demo.Stage;
import io.lockjam.demo.VirtualThreads;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Coroutines by hand: three waiters share one thread, each does a step and gives way. The stock-taking, a fourth, does not
 * give way and holds all of them up for 150 ms.
 *
 * <p>Lockjam reports: event-loop-blocked, thread {@code coroutine-loop-1}, by {@code Coroutines.takeStockAtOnce}. The
 * cure: give way after each shelf; where Java has virtual threads (21), be one and wait as you like.
 */
public final class Coroutines {
    private static final int WAITERS = 3;
    private static final int SHELVES = 15;
    private static final long MILLIS_PER_SHELF = 10;

    private final ScheduledExecutorService loop;
    private final LongAdder steps = new LongAdder();
    private final LongAdder stocks = new LongAdder();
    private final Worst late = new Worst();

    private Coroutines(Stage stage) {
        loop = stage.pool(Executors.newSingleThreadScheduledExecutor(stage.named("coroutine-loop")));
    }

    public static void run(Stage stage) throws InterruptedException {
        Coroutines restaurant = new Coroutines(stage);
        for (int i = 0; i < WAITERS; i++) {
            restaurant.resume(restaurant::serve, 10);
        }
        Optional<ThreadFactory> virtual = VirtualThreads.named("stock-taking");
        if (!stage.fixed()) {
            restaurant.resume(restaurant::takeStockAtOnce, 10);
        } else if (virtual.isEmpty()) {
            restaurant.resume(() -> restaurant.takeStockFrom(0), 10);
        } else {
            virtual.get().newThread(() -> restaurant.takeStockAsThread(stage)).start();
        }
        stage.report(
                () -> restaurant.steps + " steps, " + restaurant.stocks + " stock-takings",
                "latest step this second, ms after its time",
                restaurant.late::millisSinceLast);
    }

    private void serve() {
        steps.increment();
        resume(this::serve, 10);
    }

    private void takeStockAtOnce() {
        try {
            Work.remoteCall(SHELVES * MILLIS_PER_SHELF);
            stocks.increment();
            resume(this::takeStockAtOnce, 200);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** One shelf a step; the loop is free while the shelf is counted elsewhere. */
    private void takeStockFrom(int shelf) {
        if (shelf < SHELVES) {
            resume(() -> takeStockFrom(shelf + 1), MILLIS_PER_SHELF);
        } else {
            stocks.increment();
            resume(() -> takeStockFrom(0), 200);
        }
    }

    private void takeStockAsThread(Stage stage) {
        try {
            while (!stage.ended()) {
                Work.remoteCall(SHELVES * MILLIS_PER_SHELF);
                stocks.increment();
                Work.remoteCall(200);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives way, to go on with {@code next} after {@code millis}. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a step
    private void resume(Runnable next, long millis) {
        if (loop.isShutdown()) {
            return;
        }
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        loop.schedule(
                () -> {
                    late.since(due);
                    next.run();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }
}
