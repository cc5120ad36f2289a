// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Event loops that are held up for 60 ms and more, by computing, by a sleep and by a wait for a result, and say so: a line of
 * JSON when each hold-up has ended, with its length and what it should have been, in nanoseconds. Ends when it is killed.
 */
public final class Loops {
    private static final int LEAST_MILLIS = 60;
    private static final int MORE_MILLIS = 100;
    private static final long PAUSE_MILLIS = 80;
    private static final int SHORT_TASKS = 8;
    private static final ThreadMXBean CLOCKS = ManagementFactory.getThreadMXBean();

    private final Random random = new Random(1); // shared on purpose: the lengths differ, whichever thread asks

    private Loops() {}

    public static void main(String[] arguments) throws Exception {
        Loops loops = new Loops();
        loops.selector("truth-computes", Loops::compute);
        loops.selector("truth-sleeps", TimeUnit.MILLISECONDS::sleep);
        loops.tasks("truth-waits");
        new CountDownLatch(1).await();
    }

    /** What holds a loop up for so many milliseconds. */
    @FunctionalInterface
    private interface HoldUp {
        void last(long millis) throws Exception;
    }

    /** By the thread's own clock: without a core nothing is computed. */
    private static void compute(long millis) {
        long end = CLOCKS.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (CLOCKS.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void waitForNothing(long millis) throws Exception {
        try {
            new CompletableFuture<String>().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException expected) {
            // nobody gives the result
        }
    }

    private void selector(String name, HoldUp handler) throws IOException {
        Pipe pipe = Pipe.open();
        Semaphore handled = new Semaphore(1);
        start(name, () -> {
            try (Selector selector = Selector.open()) {
                pipe.source().configureBlocking(false);
                pipe.source().register(selector, SelectionKey.OP_READ);
                ByteBuffer buffer = ByteBuffer.allocate(1);
                while (selector.select() >= 0) {
                    selector.selectedKeys().clear();
                    buffer.clear();
                    if (pipe.source().read(buffer) > 0) {
                        holdUp(name, handler);
                        handled.release();
                    }
                }
            }
        });
        start(name + "-events", () -> {
            while (true) {
                handled.acquire();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                pipe.sink().write(ByteBuffer.allocate(1));
            }
        });
    }

    /** A pool of one thread: now and then one of its many short tasks waits. */
    private void tasks(String name) {
        ThreadFactory factory = task -> daemon(name, task);
        ExecutorService pool = Executors.newFixedThreadPool(1, factory);
        start(name + "-events", () -> {
            while (true) {
                for (int i = 0; i < SHORT_TASKS; i++) {
                    pool.submit(() -> {}).get();
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS / SHORT_TASKS);
                }
                pool.submit(() -> {
                            holdUp(name, Loops::waitForNothing);
                            return name;
                        })
                        .get();
            }
        });
    }

    private void holdUp(String name, HoldUp handler) throws Exception {
        int millis = LEAST_MILLIS + random.nextInt(MORE_MILLIS);
        long begin = System.nanoTime();
        handler.last(millis);
        long nanos = System.nanoTime() - begin;
        System.out.println(String.format(
                Locale.ROOT,
                "{\"loop\": \"%s\", \"at\": \"%s\", \"nanos\": %d, \"meant\": %d}",
                name,
                Instant.now(),
                nanos,
                TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    private static void start(String name, Rounds.Body body) {
        daemon(name, () -> {
                    try {
                        body.run();
                    } catch (Exception over) {
                        throw new IllegalStateException(over);
                    }
                })
                .start();
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }
}
