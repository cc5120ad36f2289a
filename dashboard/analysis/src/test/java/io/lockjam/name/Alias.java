// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;

/** Whoever made the latch may count it down by another name than who waits knows it by; only read, never run. */
@SuppressWarnings("unused")
final class Alias {
    private final CountDownLatch made = new CountDownLatch(2);
    private final Waiting waiting = new Waiting(made);

    void onEvent() {
        made.countDown();
    }

    static final class Waiting {
        private final CountDownLatch parts;

        Waiting(CountDownLatch parts) {
            this.parts = parts;
        }

        void start(ExecutorService pool) {
            pool.execute(this::part);
        }

        private void part() {
            parts.countDown();
        }

        void gather() throws InterruptedException {
            parts.await();
        }
    }
}
