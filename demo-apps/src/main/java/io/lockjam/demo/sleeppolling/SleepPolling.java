// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.sleeppolling;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ten printers look for a job, sleep a tenth of a millisecond, and look again: thousands of wake-ups a second for nothing,
 * and each job waits for the next look.
 *
 * <p>Lockjam reports: busy-wait, threads {@code printer-*}, sleeping in {@code SleepPolling.poll}. The cure: take from a
 * blocking queue.
 */
public final class SleepPolling {
    private static final int PRINTERS = 10;
    private static final int JOBS_PER_BATCH = 2;

    private final ConcurrentLinkedQueue<Integer> polled = new ConcurrentLinkedQueue<>();
    private final LinkedBlockingQueue<Integer> taken = new LinkedBlockingQueue<>();
    private final LongAdder printed = new LongAdder();
    private final LongAdder inVain = new LongAdder();
    private long reported;

    private SleepPolling() {}

    public static void run(Stage stage) throws InterruptedException {
        SleepPolling office = new SleepPolling();
        stage.every(Duration.ofMillis(10), "office", () -> {
            for (int i = 0; i < JOBS_PER_BATCH; i++) {
                (stage.fixed() ? office.taken : office.polled).add(i);
            }
        });
        stage.loops("printer", PRINTERS, stage.fixed() ? office::take : office::poll);
        stage.report(() -> office.printed + " jobs printed", "looks in vain this second", office::inVainSinceLast);
    }

    private void poll() throws InterruptedException {
        if (polled.poll() == null) {
            inVain.increment();
            TimeUnit.MICROSECONDS.sleep(100);
        } else {
            print();
        }
    }

    private void take() throws InterruptedException {
        taken.take();
        print();
    }

    private void print() throws InterruptedException {
        Work.remoteCall(35); // the printer's time
        printed.increment();
    }

    private long inVainSinceLast() {
        long now = inVain.sum();
        long since = now - reported;
        reported = now;
        return since;
    }
}
