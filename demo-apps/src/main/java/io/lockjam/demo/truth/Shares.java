// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import io.lockjam.demo.Work;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code Shares [SECONDS]}: threads that run, sleep, wait for a lock, a queue, a socket, work and the processor, and know
 * for how long. Each half second a line of JSON gives their sums since the start, in nanoseconds; Linux only.
 */
public final class Shares {
    private static final long STEP_MILLIS = 20;
    private static final long LINE_MILLIS = 500;

    private final List<Sums> all = new CopyOnWriteArrayList<>();
    private final Object monitor = new Object();
    private final ReentrantLock lock = new ReentrantLock();
    private final BlockingQueue<Integer> fed = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Integer> fedToMixed = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Integer> drained = new ArrayBlockingQueue<>(1);
    private final WatchedPool pool = new WatchedPool("truth-worker", all::add);

    private Shares() {}

    public static void main(String[] arguments) throws Exception {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : Long.MAX_VALUE / 1_000_000_000;
        Work.compute(1); // measures the machine
        Shares shares = new Shares();
        shares.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(LINE_MILLIS);
            System.out.println(shares.line());
        }
        System.exit(0);
    }

    private void start() throws IOException {
        steps("truth-runner", sums -> sums.step("unknown", () -> Work.compute(5_000)));
        steps("truth-sleeper", sums -> {
            sums.step("unknown", () -> Work.compute(5_000));
            sums.step("asleep", () -> TimeUnit.MILLISECONDS.sleep(STEP_MILLIS));
        });
        steps("truth-monitor-waiter", sums -> {
            sums.step("unknown", () -> Work.compute(5_000));
            sums.step("lock", this::enter);
        });
        steps("truth-lock-waiter", sums -> {
            sums.step("unknown", () -> Work.compute(5_000));
            sums.step("lock", this::acquire);
        });
        steps("truth-putter", sums -> sums.step("queue", () -> drained.put(1)));
        steps("truth-taker", sums -> sums.step("queue", fed::take));
        readers();
        thread("truth-holder", this::hold);
    }

    private void readers() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            Socket near = new Socket(server.getInetAddress(), server.getLocalPort());
            OutputStream far = server.accept().getOutputStream();
            Socket nearMixed = new Socket(server.getInetAddress(), server.getLocalPort());
            OutputStream farMixed = server.accept().getOutputStream();
            InputStream in = near.getInputStream();
            InputStream inMixed = nearMixed.getInputStream();
            steps("truth-reader", sums -> sums.step("io", in::read));
            steps("truth-mixed", sums -> {
                sums.step("unknown", () -> Work.compute(5_000));
                sums.step("asleep", () -> TimeUnit.MILLISECONDS.sleep(STEP_MILLIS));
                sums.step("lock", this::acquire);
                sums.step("queue", fedToMixed::take);
                sums.step("io", inMixed::read);
            });
            thread("truth-feeder", () -> feed(far, farMixed));
        }
    }

    private void enter() {
        synchronized (monitor) {
            Thread.onSpinWait();
        }
    }

    private void acquire() {
        lock.lock();
        try {
            Thread.onSpinWait();
        } finally {
            lock.unlock();
        }
    }

    private void hold() throws InterruptedException {
        synchronized (monitor) {
            lock.lock();
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            } finally {
                lock.unlock();
            }
        }
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS / 4);
    }

    private void feed(OutputStream far, OutputStream farMixed) throws Exception {
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        far.write(1);
        farMixed.write(1);
        fed.put(1);
        fedToMixed.offer(1);
        drained.take();
        pool.execute(() -> Work.compute(5_000));
    }

    /** Repeats measured steps in a thread of its own. */
    private void steps(String name, Round round) {
        thread(name, new Rounds.Body() {
            private @Nullable Sums sums;

            @Override
            public void run() throws Exception {
                Sums own = sums;
                if (own == null) {
                    own = Sums.ofThisThread();
                    sums = own;
                    all.add(own);
                }
                round.run(own);
            }
        });
    }

    private static void thread(String name, Rounds.Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            body.run();
                        }
                    } catch (Exception over) {
                        throw new IllegalStateException(over);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private String line() {
        return all.stream()
                .map(Sums::json)
                .collect(Collectors.joining(", ", String.format(Locale.ROOT, "{\"at\": \"%s\", ", Instant.now()), "}"));
    }

    /** One round of a thread's steps. */
    @FunctionalInterface
    private interface Round {
        void run(Sums sums) throws Exception;
    }
}
