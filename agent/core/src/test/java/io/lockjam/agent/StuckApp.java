// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/** Gets stuck in the way its argument names, prints {@code ready} and stays until its standard input ends. */
@SuppressWarnings("LockNotBeforeTry") // locks are to stay taken
final class StuckApp {
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);

    private StuckApp() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "class-init" -> classInit();
            case "subclass-init" -> subclassInit();
            case "superclass-waits" -> superclassWaits();
            case "initialiser-waits" -> start("first", () -> Patient.touch());
            case "initialiser-streams" -> start("first", () -> Streams.touch());
            case "upgrade" -> upgrade();
            case "readers" -> readers();
            case "virtual-monitors" -> virtualMonitors();
            case "scope-monitors" -> scopeMonitors();
            case "pools" -> pools();
            case "carriers" -> carriers();
            case "per-task" -> perTask();
            case "virtual-pool" -> virtualPool();
            case "yield" -> yielding();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the test closes it
        }
        System.exit(0);
    }

    /** Two classes whose initialisers need each other. */
    private static void classInit() {
        start("first", () -> First.touch());
        start("second", () -> Second.touch());
    }

    /** One initialises a class that needs a subclass, the other the subclass. */
    private static void subclassInit() {
        start("first", () -> new Shape());
        start("second", () -> {
            meet();
            new Round();
        });
    }

    @SuppressWarnings("ClassInitializationDeadlock") // the point of it
    static class Shape {
        static final Shape USUAL;

        static {
            meet();
            untilTheOtherHasBegun();
            USUAL = new Round();
        }
    }

    static final class Round extends Shape {}

    /** Its initialiser waits for a thread whose lambda expression is a method of the class. */
    static final class Patient {
        private static volatile String loaded = "";

        static {
            Thread loader = new Thread(() -> loaded = "yes", "second");
            loader.setDaemon(true);
            loader.start();
            try {
                loader.join();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }

        static String touch() {
            return loaded;
        }
    }

    /** The same with the threads of a parallel stream. */
    static final class Streams {
        private static final int SUM =
                IntStream.range(0, 200).parallel().map(i -> slowly(i)).sum();

        static int touch() {
            return SUM;
        }
    }

    /** So that the thread that begins a stream is not through before another one takes a part. */
    private static int slowly(int number) {
        try {
            Thread.sleep(10);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        return number + 1;
    }

    /** As with the subclass, but what the superclass needs comes from a thread that takes long over it. */
    private static void superclassWaits() {
        start("third", () -> Slow.touch());
        start("first", () -> new Base());
        start("second", () -> {
            meet();
            new Derived();
        });
    }

    static class Base {
        static final int VALUE;

        static {
            meet();
            VALUE = Slow.touch();
        }
    }

    static final class Derived extends Base {}

    static final class Slow {
        static {
            for (int i = 0; i < 120; i++) {
                untilTheOtherHasBegun();
            }
        }

        private Slow() {}

        static int touch() {
            return 1;
        }
    }

    /** Nothing tells of a thread that has begun a class. */
    private static void untilTheOtherHasBegun() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    static final class First {
        static final int VALUE;

        static {
            meet();
            VALUE = Second.touch() + 1;
        }

        private First() {}

        static int touch() {
            return 1;
        }
    }

    static final class Second {
        static final int VALUE;

        static {
            meet();
            VALUE = First.touch() + 1;
        }

        private Second() {}

        static int touch() {
            return 1;
        }
    }

    /** One that offers its core to others again and again. */
    @SuppressWarnings("ThreadPriorityCheck") // that it yields is the subject
    private static void yielding() {
        start("yielder", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.yield();
            }
        });
    }

    /** Two readers that both want to write. */
    private static void upgrade() {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        for (int i = 1; i <= 2; i++) {
            start("reader-" + i, () -> {
                lock.readLock().lock();
                meet();
                lock.writeLock().lock();
            });
        }
    }

    /** A writer waits for a reader that waits for what the writer has; another reader came first. */
    private static void readers() throws InterruptedException {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        ReentrantReadWriteLock other = new ReentrantReadWriteLock();
        CountDownLatch read = new CountDownLatch(1);
        start("first-reader", () -> {
            lock.readLock().lock();
            read.countDown();
            meet();
            lock.readLock().unlock();
        });
        read.await();
        start("reader", () -> {
            lock.readLock().lock();
            meet();
            meet();
            other.readLock().lock();
        });
        start("writer", () -> {
            other.writeLock().lock();
            meet();
            lock.writeLock().lock();
        });
    }

    /** Two virtual threads with a monitor each that want the other's, while others wait for both. */
    private static void virtualMonitors() throws ReflectiveOperationException {
        Object left = new Object();
        Object right = new Object();
        startVirtual(() -> both(left, right));
        startVirtual(() -> both(right, left));
        CountDownLatch gate = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            startVirtual(() -> {
                synchronized (left) {
                    gate.countDown();
                }
            });
        }
    }

    /** One virtual thread waits in an initialiser, with the only carrier; three others could run. */
    private static void carriers() throws ReflectiveOperationException {
        ExecutorService executor = virtualPerTask();
        for (int i = 0; i < 4; i++) {
            executor.execute(Waits::touch);
        }
    }

    static final class Waits {
        static {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park(Waits.class);
            }
        }

        private Waits() {}

        static void touch() {}
    }

    /** Tasks of 5 ms, with a thread each. */
    private static void perTask() throws ReflectiveOperationException {
        ExecutorService executor = virtualPerTask();
        Callable<Integer> task = () -> {
            Thread.sleep(5);
            return 5;
        };
        start("submitter", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                hand(() -> executor.submit(task).get());
            }
        });
    }

    /** A pool of two virtual threads, which have no names. */
    private static void virtualPool() throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        ThreadFactory factory = (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
        ExecutorService executor = Executors.newFixedThreadPool(2, factory);
        Callable<Integer> task = () -> {
            Thread.sleep(5);
            return 5;
        };
        start("submitter", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                hand(() -> executor.submit(task).get());
            }
        });
    }

    private static ExecutorService virtualPerTask() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    /** The same of two threads that are forked in a scope, which only the thread that opened it knows. */
    private static void scopeMonitors() throws ReflectiveOperationException {
        Object left = new Object();
        Object right = new Object();
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Object scope = type.getMethod("open").invoke(null);
        Method fork = type.getMethod("fork", Runnable.class);
        fork.invoke(scope, (Runnable) () -> both(left, right));
        fork.invoke(scope, (Runnable) () -> both(right, left));
    }

    private static void both(Object first, Object second) {
        synchronized (first) {
            meet();
            synchronized (second) {
                throw new IllegalStateException("not stuck");
            }
        }
    }

    /** Pools whose workers have waited for work since before anybody came. */
    private static void pools() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(7, 9, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(11));
        pool.prestartAllCoreThreads();
        handOffs();
        ForkJoinPool.commonPool().submit(() -> {}).join();
    }

    /** One at each side of its own hand-off. */
    private static void handOffs() {
        SynchronousQueue<Integer> wanted = new SynchronousQueue<>();
        SynchronousQueue<Integer> unwanted = new SynchronousQueue<>();
        start("taker", () -> hand(wanted::take));
        start("putter", () -> hand(() -> put(unwanted)));
    }

    private static Integer put(SynchronousQueue<Integer> into) throws InterruptedException {
        into.put(1);
        return into.size();
    }

    private static void hand(Callable<Integer> over) {
        try {
            over.call();
        } catch (Exception interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void meet() {
        try {
            BOTH.await();
        } catch (Exception interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Compiled for 17, which has none. */
    private static void startVirtual(Runnable work) throws ReflectiveOperationException {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }
}
