// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Proves that the hooks are in: one of two threads waits for a lock that the other has, and the hooks must count it. */
final class SelfTest {
    /** Far more than it takes on a machine that is not out of CPU altogether. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final long STEP_NANOS = 200_000;

    private SelfTest() {}

    /** Returns the reason why waits are not seen, or an empty text if they are. */
    static String run(OwnThreads threads) throws InterruptedException {
        long before = Hooks.waitsSeen();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        ReentrantLock lock = new ReentrantLock();
        AtomicBoolean taken = new AtomicBoolean();
        Thread waiter = threads.create("Self-Test Waiter", () -> {
            lock.lock();
            try {
                taken.set(true);
            } finally {
                lock.unlock();
            }
        });
        Thread holder = threads.create("Self-Test Holder", () -> {
            lock.lock();
            try {
                waiter.start();
                while (!parked(lock, waiter) && System.nanoTime() < deadline) {
                    LockSupport.parkNanos(STEP_NANOS);
                }
            } finally {
                lock.unlock();
            }
        });
        holder.start();
        awaitEnd(holder);
        awaitEnd(waiter);
        if (Hooks.waitsSeen() > before) {
            return "";
        }
        return !taken.get()
                ? "the self-test did not end in time"
                : "the self-test waited for a lock and the hooks did not see it";
    }

    private static boolean parked(ReentrantLock lock, Thread waiter) {
        return lock.hasQueuedThread(waiter) && waiter.getState() == Thread.State.WAITING;
    }

    /** Without join: the recorder would report our wait as the application's. */
    private static void awaitEnd(Thread thread) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
