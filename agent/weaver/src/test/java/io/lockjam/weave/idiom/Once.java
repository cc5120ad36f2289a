// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Races that happen once, between threads that live for microseconds, and what looks like them and is ordered. */
public final class Once {
    private Once() {}

    private interface Case {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        for (Case each : racy()) {
            each.run();
        }
        for (Case each : ordered()) {
            each.run();
        }
        System.out.println("DONE");
        Thread.sleep(600_000);
    }

    private static List<Case> racy() {
        return List.of(
                () -> {
                    Counter counter = new Counter();
                    both(counter::add, counter::add);
                },
                () -> {
                    Stop stop = new Stop();
                    both(stop::stop, stop::run);
                },
                () -> {
                    Balance balance = new Balance();
                    both(() -> balance.put(5), balance::look);
                },
                () -> {
                    WrongLock wrong = new WrongLock();
                    both(wrong::one, wrong::other);
                },
                () -> {
                    Reorder reorder = new Reorder();
                    both(reorder::set, reorder::check);
                },
                () -> both(Single::get, Single::get),
                () -> both(Guarded::get, Guarded::get),
                () -> both(Once::count, Once::count),
                () -> {
                    int[] numbers = {0};
                    both(() -> numbers[0]++, () -> numbers[0]++);
                },
                () -> {
                    Map<String, Integer> map = new HashMap<>();
                    both(() -> map.put("a", 1), () -> map.put("b", 2));
                },
                Once::inPool,
                Once::afterLatch,
                Once::inFutures);
    }

    private static List<Case> ordered() {
        return List.of(
                () -> {
                    Locked locked = new Locked();
                    both(locked::tryInVain, locked::tryInVain);
                },
                () -> {
                    Ordered ordered = new Ordered();
                    Thread thread = new Thread(ordered::add);
                    thread.start();
                    thread.join();
                    ordered.add();
                },
                Once::oneAfterAnother,
                Once::byReference,
                () -> {
                    AtomicReference<Immutable> shelf = new AtomicReference<>();
                    both(() -> shelf.setPlain(new Immutable(3)), () -> sum(shelf.getPlain()));
                });
    }

    private static void both(Runnable one, Runnable other) throws InterruptedException {
        Thread first = new Thread(one);
        Thread second = new Thread(other);
        first.start();
        second.start();
        first.join();
        second.join();
    }

    private static final class Counter {
        private int once;

        void add() {
            once++;
        }
    }

    private static final class Stop {
        private boolean flag;

        void stop() {
            flag = true;
        }

        void run() {
            int rounds = 0;
            while (!flag && rounds < 10) {
                rounds++;
            }
        }
    }

    private static final class Balance {
        private int amount = 100;

        synchronized void put(int more) {
            amount += more;
        }

        void look() {
            if (amount > 0) {
                amount = amount - 1;
            }
        }
    }

    private static final class WrongLock {
        private final Object left = new Object();
        private final Object right = new Object();
        private int held;

        void one() {
            synchronized (left) {
                held++;
            }
        }

        void other() {
            synchronized (right) {
                held--;
            }
        }
    }

    private static final class Reorder {
        private int a;
        private int b;

        void set() {
            a = 1;
            b = -1;
        }

        boolean check() {
            return (a == 0 && b == 0) || (a == 1 && b == -1);
        }
    }

    private static final class Single {
        private static Single single;

        static Single get() {
            if (single == null) {
                single = new Single();
            }
            return single;
        }
    }

    private static final class Guarded {
        private static Guarded guarded;

        static Guarded get() {
            if (guarded == null) {
                synchronized (Guarded.class) {
                    if (guarded == null) {
                        guarded = new Guarded();
                    }
                }
            }
            return guarded;
        }
    }

    private static int total;

    private static void count() {
        total++;
    }

    private static final class Pooled {
        private int tasks;
    }

    private static void inPool() throws Exception {
        Pooled pooled = new Pooled();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.submit(() -> pooled.tasks++);
        pool.submit(() -> pooled.tasks++);
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
    }

    private static final class Started {
        private int together;
    }

    private static void afterLatch() throws InterruptedException {
        Started started = new Started();
        CountDownLatch go = new CountDownLatch(1);
        Runnable work = () -> {
            await(go);
            started.together++;
        };
        Thread opener = new Thread(go::countDown);
        opener.start();
        both(work, work);
        opener.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static final class Future {
        private long stages;
    }

    private static void inFutures() {
        Future future = new Future();
        ExecutorService pool = Executors.newFixedThreadPool(2); // of its first two tasks each has its own thread
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> future.stages++, pool),
                        CompletableFuture.runAsync(() -> future.stages++, pool))
                .join();
        pool.shutdown();
    }

    /** Leaves its monitor by an exception. */
    private static final class Locked {
        private int ordered;

        void tryInVain() {
            try {
                fail();
            } catch (IllegalStateException expected) {
                Thread.onSpinWait();
            }
        }

        private synchronized void fail() {
            ordered++;
            throw new IllegalStateException();
        }
    }

    private static final class Ordered {
        private int ordered;

        void add() {
            ordered++;
        }
    }

    private static void oneAfterAnother() throws Exception {
        Ordered shared = new Ordered();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.submit(shared::add).get();
        pool.submit(shared::add).get();
        FutureTask<Integer> task = new FutureTask<>(() -> shared.ordered++);
        new Thread(task).start();
        task.get();
        CompletableFuture.runAsync(shared::add).thenRunAsync(shared::add, pool).get();
        pool.shutdown();
        shared.add();
    }

    /** The latch is opened by code that is not woven. */
    private static void byReference() throws InterruptedException {
        Ordered shared = new Ordered();
        CountDownLatch latch = new CountDownLatch(1);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Thread waiting = new Thread(() -> {
            await(latch);
            shared.add();
        });
        waiting.start();
        shared.add();
        pool.execute(latch::countDown);
        waiting.join();
        pool.shutdown();
    }

    /** In order for whoever sees it, however it came there. */
    private static final class Immutable {
        private final List<Integer> numbers = new ArrayList<>();

        Immutable(int size) {
            for (int i = 0; i < size; i++) {
                numbers.add(i);
            }
        }
    }

    private static int sum(Immutable seen) {
        return seen == null ? 0 : seen.numbers.size();
    }
}
