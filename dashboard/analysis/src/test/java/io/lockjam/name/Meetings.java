// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Code that threads come to a latch or barrier by; only read, never run. */
@SuppressWarnings("unused")
final class Meetings {
    static final class Pooled {
        private final CountDownLatch parts;

        Pooled(int count) {
            parts = new CountDownLatch(count);
        }

        void start(ExecutorService pool) {
            pool.execute(this::part);
            pool.shutdown();
        }

        private void part() {
            parts.countDown();
            parts.getCount();
        }

        void gather() throws InterruptedException {
            parts.await();
        }
    }

    static final class Wrapped {
        private final CountDownLatch parts = new CountDownLatch(2);

        void start() {
            named("part", () -> parts.countDown());
        }

        private static void named(String name, Runnable task) {
            new Thread(task, name).start();
        }

        void gather() throws InterruptedException {
            parts.await();
        }
    }

    static final class CalledBack {
        private final CountDownLatch answers = new CountDownLatch(2);

        void ask(Consumer<Runnable> client) {
            client.accept(() -> answers.countDown());
        }

        void gather() throws InterruptedException {
            answers.await();
        }
    }

    static final class Listening {
        private final CountDownLatch events = new CountDownLatch(1);

        void onEvent() {
            events.countDown();
        }

        void gather() throws InterruptedException {
            events.await();
        }
    }

    static final class AtExit {
        private final CountDownLatch end = new CountDownLatch(1);

        void start() {
            Runtime.getRuntime().addShutdownHook(new Thread(end::countDown));
        }

        void gather() throws InterruptedException {
            end.await();
        }
    }

    static final class PassedOn {
        private final CountDownLatch parts = new CountDownLatch(2);

        void ask(Consumer<Object> client, ExecutorService pool) {
            pool.execute(parts::countDown);
            ComingCodeTest.isHanded(parts);
        }

        void gather() throws InterruptedException {
            parts.await();
        }
    }

    static final class Stepping {
        private final CyclicBarrier step = new CyclicBarrier(3);
        private final Semaphore ready = new Semaphore(0);

        void gather() throws Exception {
            step.await();
            ready.acquire();
        }
    }

    static final class Lines {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> others = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> shared = new LinkedBlockingQueue<>();

        public static void main(String[] arguments) {
            Lines own = new Lines();
            own.lines.add("first");
            new Thread(own::produce).start();
        }

        private void produce() {
            others.add("");
            fill(lines);
        }

        private void fill(Queue<String> queue) {
            queue.addAll(List.of());
        }

        void share(List<Object> all, ExecutorService pool) {
            pool.execute(() -> shared.add(""));
            all.add(shared);
        }

        String gather() throws InterruptedException {
            return lines.take();
        }
    }

    static final class Stock {
        private static final BlockingQueue<String> STOCK = new LinkedBlockingQueue<>();

        static {
            STOCK.add("");
        }

        String gather() throws InterruptedException {
            return STOCK.take();
        }
    }

    static final class Result {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final CompletableFuture<String> timed = new CompletableFuture<>();

        void start(ExecutorService pool) {
            pool.execute(() -> result.complete(""));
            pool.execute(() -> timed.complete(""));
            pool.execute(() -> timed.completeOnTimeout("", 1, TimeUnit.SECONDS));
        }

        String gather() throws Exception {
            return result.get();
        }
    }

    static final class Later {
        void start(ExecutorService pool, Runnable made) {
            pool.execute(() -> {});
            pool.shutdown();
        }

        void startMade(ExecutorService pool, Runnable made) {
            pool.shutdown();
            pool.execute(made);
        }

        void startFresh(ExecutorService pool) {
            pool.shutdown();
            pool.execute(() -> {});
        }

        void startThread(Thread made, ExecutorService pool) {
            pool.shutdown();
            made.start();
        }
    }

    static final class Queueing {
        static final ReentrantLock FAIR = new ReentrantLock(true);
        private final ReentrantLock plain = new ReentrantLock();
        private final ReentrantLock told;
        private final Semaphore permits = new Semaphore(1, true);

        Queueing(boolean fair) {
            told = new ReentrantLock(fair);
        }

        int waiting() {
            return FAIR.getQueueLength() + plain.getQueueLength() + told.getQueueLength() + permits.getQueueLength();
        }
    }

    private Meetings() {}
}
