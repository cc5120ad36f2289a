// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where a demo runs: starts its threads, prints its line each second, and ends it when its time is over.
 *
 * <p>All threads are daemons, so that a deadlocked demo ends like any other, also on SIGTERM.
 */
public final class Stage {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final boolean fixed;
    private final Duration length;
    private final long startedAt = System.nanoTime();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> closing = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /** @param length how long {@link #report} shows the demo */
    Stage(boolean fixed, Duration length) {
        this.fixed = fixed;
        this.length = length;
    }

    /** Whether the cure runs, not the defect. */
    public boolean fixed() {
        return fixed;
    }

    /** Starts a thread that runs {@code step} once. */
    public Thread thread(String name, Step step) {
        Thread thread = new Thread(() -> act(step), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** Starts a thread that runs {@code step} again and again; the step itself returns often. */
    public Thread loop(String name, Step step) {
        return thread(name, () -> {
            while (!ended) {
                step.run();
            }
        });
    }

    /** Starts {@code count} threads named {@code prefix-1} and so on, each a {@link #loop}. */
    public void loops(String prefix, int count, Step step) {
        for (int i = 1; i <= count; i++) {
            loop(prefix + "-" + i, step);
        }
    }

    /** Starts a thread that runs {@code step} once per {@code period}; turns it is too late for are left out. */
    public Thread every(Duration period, String name, Step step) {
        return loop(name, () -> {
            long periodNanos = period.toNanos();
            long sinceTurn = (System.nanoTime() - startedAt) % periodNanos;
            TimeUnit.NANOSECONDS.sleep(periodNanos - sinceTurn);
            step.run();
        });
    }

    /** Names the threads of a pool {@code prefix-1} and so on. */
    public ThreadFactory named(String prefix) {
        AtomicInteger last = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + last.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Shuts {@code pool} down when the demo ends. */
    public <P extends ExecutorService> P pool(P pool) {
        closing.add(pool::shutdownNow);
        return pool;
    }

    /** Closes {@code resource} when the demo ends. */
    public <R extends AutoCloseable> R closing(R resource) {
        closing.add(resource);
        return resource;
    }

    /**
     * Prints one line a second until the demo's time is over.
     *
     * @param does what the demo has done so far
     * @param trouble what {@code number} counts
     * @param number large and steady with the defect, 0 or next to it with the cure
     */
    public void report(Supplier<String> does, String trouble, LongSupplier number) throws InterruptedException {
        for (Duration left = left(); left.toMillis() > 0; left = left()) {
            TimeUnit.MILLISECONDS.sleep(Math.min(left.toMillis(), TICK.toMillis()));
            System.out.println(
                    String.format(Locale.ROOT, "%s; %s: %,d", does.get(), trouble, Math.max(0, number.getAsLong())));
        }
    }

    /** Whether the demo's time is over. */
    public boolean ended() {
        return ended;
    }

    /** Interrupts the demo's threads and closes what it opened. */
    void end() throws Exception {
        ended = true;
        threads.forEach(Thread::interrupt);
        for (AutoCloseable resource : closing) {
            resource.close();
        }
    }

    private Duration left() {
        return length.minusNanos(System.nanoTime() - startedAt);
    }

    private void act(Step step) {
        try {
            step.run();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (Exception fault) {
            if (!ended) {
                throw new IllegalStateException(Thread.currentThread().getName() + " failed", fault);
            }
        }
    }
}
