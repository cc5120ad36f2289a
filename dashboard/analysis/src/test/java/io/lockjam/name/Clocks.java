// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Code in which schedulers and timers end waits; only read, never run. */
@SuppressWarnings({"unused", "FutureReturnValueIgnored", "JdkObsolete"}) // only the code is of interest
final class Clocks {
    static final class Polled {
        private final BlockingQueue<String> prices = new LinkedBlockingQueue<>();

        void start(ScheduledExecutorService clock) {
            clock.scheduleAtFixedRate(this::poll, 1, 1, TimeUnit.SECONDS);
        }

        private void poll() {
            prices.add("");
        }

        String gather() throws InterruptedException {
            return prices.take();
        }
    }

    static final class Settled {
        private final CompletableFuture<String> result = new CompletableFuture<>();

        void pay(Timer timer) {
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            result.complete("");
                        }
                    },
                    10_000);
        }

        String gather() throws Exception {
            return result.get();
        }
    }

    static final class Fresh {
        private final Object fresh = new Object();
        private int stamp;

        void start(ScheduledExecutorService clock) {
            clock.scheduleWithFixedDelay(this::refresh, 1, 1, TimeUnit.SECONDS);
        }

        private void refresh() {
            synchronized (fresh) {
                stamp++;
                fresh.notifyAll();
            }
        }

        void gather() throws InterruptedException {
            synchronized (fresh) {
                while (stamp == 0) {
                    fresh.wait();
                }
            }
        }
    }

    /** Has a clock, too, for something else. */
    static final class Printed {
        private final CompletableFuture<String> result = new CompletableFuture<>();

        void start(ExecutorService pool, ScheduledExecutorService clock) {
            pool.execute(this::work);
            clock.scheduleAtFixedRate(() -> System.out.println("alive"), 1, 1, TimeUnit.SECONDS);
        }

        private void work() {
            result.complete("");
        }

        String gather() throws Exception {
            return result.get();
        }
    }

    private Clocks() {}
}
