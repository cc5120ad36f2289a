// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that wait in every way the JDK's own events tell of; ends after the time given, or when it is told to. */
public final class Mixed {
    private static final Shared MONITOR = new Shared();
    private static final ReentrantLock LOCK = new ReentrantLock();

    private Mixed() {}

    /**
     * Runs for a while.
     *
     * @param arguments how long, in milliseconds
     */
    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i <= 3; i++) {
            start("monitor-" + i, Mixed::monitor);
            start("lock-" + i, Mixed::lock);
        }
        start("parked", () -> LockSupport.parkNanos(50_000_000));
        deadlock();
        Thread.sleep(Long.parseLong(arguments[0]));
    }

    /** Of a class of its own: recordings tell monitors apart by little else. */
    private static final class Shared {}

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            work.run();
                        }
                    } catch (InterruptedException ending) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void monitor() throws InterruptedException {
        synchronized (MONITOR) {
            Thread.sleep(40);
        }
    }

    private static void lock() throws InterruptedException {
        LOCK.lock();
        try {
            Thread.sleep(40);
        } finally {
            LOCK.unlock();
        }
        Thread.sleep(1); // else one thread may take it again each time, and the others never get it
    }

    private static void deadlock() {
        Object monitor = new Object();
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch both = new CountDownLatch(2);
        start("first", () -> {
            lock.lock();
            meet(both);
            synchronized (monitor) {
                lock.unlock();
            }
        });
        start("second", () -> {
            synchronized (monitor) {
                meet(both);
                lock.lock();
            }
        });
    }

    private static void meet(CountDownLatch both) throws InterruptedException {
        both.countDown();
        both.await();
    }
}
