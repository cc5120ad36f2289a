// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The threads of one run, their rounds and the waits they added up. */
final class Rounds {
    /** How long a round makes others wait: well above what a scheduler adds. */
    static final long HOLD_MILLIS = 20;

    /** Below this a request found its lock free; Lockjam draws the line there, too. */
    private static final long SHORTEST_NANOS = 20_000;

    private final ThreadFactory threads;
    private final long endsAt;
    private final LongAdder waits = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final List<Thread> started = new CopyOnWriteArrayList<>();
    private volatile String owner = "";

    Rounds(ThreadFactory threads, Duration length) {
        this.threads = threads;
        this.endsAt = System.nanoTime() + length.toNanos();
    }

    static ThreadFactory platform(String prefix) {
        AtomicInteger last = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + last.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Calls {@code body} in a thread of its own until the time is over; returns that thread. */
    Thread repeat(Body body) {
        return start(() -> {
            while (!over()) {
                body.run();
            }
        });
    }

    /** As {@link #repeat}, and once more for those who began to wait just before the end. */
    void repeatAndOnceMore(Body body) {
        start(() -> {
            while (!over()) {
                body.run();
            }
            body.run();
        });
    }

    /** As {@link #repeat}; this thread holds what the others wait for, so it is the owner reported. */
    void repeatAsOwner(Body body) {
        owner = repeat(body).getName();
    }

    /** Starts a thread of the kind asked for. */
    Thread start(Body body) {
        Thread thread = startUncounted(body);
        started.add(thread);
        return thread;
    }

    /** As {@link #start}, for threads too many to wait for at the end. */
    Thread startUncounted(Body body) {
        Thread thread = threads.newThread(() -> {
            try {
                body.run();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (Exception fault) {
                if (!over()) { // a barrier breaks when the run's end interrupts one who waits at it
                    throw new IllegalStateException(fault);
                }
            }
        });
        thread.start();
        return thread;
    }

    /** Measures the wait inside {@code call}. */
    void measure(Body call) throws Exception {
        long begin = System.nanoTime();
        try {
            call.run();
        } finally {
            add(System.nanoTime() - begin); // also when the run's end interrupts it
        }
    }

    /** Adds a wait measured by the caller; a request granted at once is none. */
    void add(long nanos) {
        if (nanos >= SHORTEST_NANOS) {
            waitedNanos.add(nanos);
            waits.increment();
        }
    }

    /** Lets others wait: the time held, or the time until the signal. */
    static void hold() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(HOLD_MILLIS);
    }

    /** Lets others have a turn. */
    static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(5);
    }

    boolean over() {
        return System.nanoTime() - endsAt >= 0;
    }

    /**
     * Waits until all threads are done; those that wait for a partner who has left are interrupted. By looking, since a join would be a wait
     * that is seen, too.
     */
    void join() throws InterruptedException {
        long end = endsAt + TimeUnit.MILLISECONDS.toNanos(200);
        for (Thread thread : started) {
            awaitEnd(thread, end);
            thread.interrupt();
            awaitEnd(thread, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
        }
    }

    private static void awaitEnd(Thread thread, long deadline) throws InterruptedException {
        while (thread.isAlive() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    long waits() {
        return waits.sum();
    }

    long waitedNanos() {
        return waitedNanos.sum();
    }

    /** The one thread that held what the others waited for; empty if they took turns or it has no owner. */
    Optional<String> owner() {
        return owner.isEmpty() ? Optional.empty() : Optional.of(owner);
    }

    /** A piece of a round. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }
}
