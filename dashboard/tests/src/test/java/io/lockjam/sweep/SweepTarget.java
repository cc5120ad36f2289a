// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A pool under one load that goes through several sizes, and measures by itself what each is worth.
 *
 * <p>Arguments: work, arrivals ({@code poisson} or {@code bursty}), tasks a second, seed, and {@code SIZE:SECONDS} for each size. For each it prints
 * {@code size N from F to T arrived A done D waitNanos W serviceNanos S}: all tasks handed in after the first second, waits and times
 * summed, between two times in milliseconds since 1970. It begins with a size when it gets a byte.
 */
final class SweepTarget {
    private static final long SETTLING = TimeUnit.SECONDS.toNanos(1);

    private final SweepWork work;
    private final boolean bursty;
    private final double perSecond;
    private final long seed;

    private SweepTarget(SweepWork work, boolean bursty, double perSecond, long seed) {
        this.work = work;
        this.bursty = bursty;
        this.perSecond = perSecond;
        this.seed = seed;
    }

    public static void main(String[] arguments) throws Exception {
        SweepTarget target = new SweepTarget(
                SweepWork.of(arguments[0]),
                arguments[1].equals("bursty"),
                Double.parseDouble(arguments[2]),
                Long.parseLong(arguments[3]));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> new Thread(task, "sweep-worker"));
        System.out.println("ready");
        for (int i = 4; i < arguments.length; i++) {
            if (System.in.read() < 0) { // until somebody watches
                break;
            }
            String[] sizeAndSeconds = arguments[i].split(":");
            target.phase(
                    pool,
                    Integer.parseInt(sizeAndSeconds[0]),
                    TimeUnit.SECONDS.toNanos(Long.parseLong(sizeAndSeconds[1])));
        }
        pool.shutdownNow();
        System.exit(0);
    }

    /** What the tasks of one phase add up to. */
    private static final class Totals {
        final LongAdder done = new LongAdder();
        final LongAdder waited = new LongAdder();
        final LongAdder ran = new LongAdder();
        long arrived;
        long endsAt;
    }

    private void phase(ThreadPoolExecutor pool, int size, long lengthNanos) throws InterruptedException {
        pool.setMaximumPoolSize(Math.max(size, pool.getMaximumPoolSize()));
        pool.setCorePoolSize(size);
        pool.setMaximumPoolSize(size);
        pool.prestartAllCoreThreads();
        Totals totals = new Totals();
        Arrivals arrivals = new Arrivals(seed, bursty, perSecond); // the same for each size
        long begin = System.nanoTime();
        totals.endsAt = begin + lengthNanos;
        double next = begin;
        while (next < totals.endsAt) {
            next += arrivals.gap() * TimeUnit.SECONDS.toNanos(1);
            long ahead = (long) next - System.nanoTime();
            if (ahead > 0) {
                TimeUnit.NANOSECONDS.sleep(ahead);
            }
            do {
                submit(pool, arrivals.length(), next - begin > SETTLING ? totals : null);
            } while (arrivals.another());
        }
        long now = System.currentTimeMillis();
        System.out.println(String.format(
                Locale.ROOT,
                "size %d from %d to %d arrived %d done %d waitNanos %d serviceNanos %d",
                size,
                now - TimeUnit.NANOSECONDS.toMillis(lengthNanos - SETTLING),
                now,
                totals.arrived,
                totals.done.sum(),
                totals.waited.sum(),
                totals.ran.sum()));
        pool.getQueue().clear();
        while (pool.getActiveCount() > 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void submit(ThreadPoolExecutor pool, double length, @Nullable Totals totals) {
        long submittedAt = System.nanoTime();
        if (totals != null) {
            totals.arrived++;
        }
        pool.execute(() -> {
            long startedAt = System.nanoTime();
            work.run(length);
            long now = System.nanoTime();
            if (totals != null && now - totals.endsAt < 0) {
                totals.done.increment();
                totals.waited.add(startedAt - submittedAt);
                totals.ran.add(now - startedAt);
            }
        });
    }
}
