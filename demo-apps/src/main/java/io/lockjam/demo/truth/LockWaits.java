// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Waits for what one thread holds for 20 ms at a time and others want. */
final class LockWaits {
    private static final int WAITERS = 3;

    private LockWaits() {}

    static void monitor(Rounds rounds) {
        Object monitor = new Object();
        rounds.repeatAsOwner(() -> {
            synchronized (monitor) {
                Rounds.hold();
            }
            Rounds.pause();
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> {
                long begin = System.nanoTime();
                synchronized (monitor) {
                    rounds.add(System.nanoTime() - begin);
                }
                Rounds.pause();
            });
        }
    }

    static void lock(Rounds rounds) {
        exclusive(rounds, new ReentrantLock());
    }

    static void write(Rounds rounds) {
        exclusive(rounds, new ReentrantReadWriteLock().writeLock());
    }

    static void read(Rounds rounds) {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        rounds.repeatAsOwner(() -> holdOnce(lock.writeLock()));
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> takeOnce(rounds, lock.readLock()));
        }
    }

    static void stampedRead(Rounds rounds) {
        StampedLock lock = new StampedLock();
        rounds.repeat(() -> holdOnce(lock.asWriteLock()));
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> {
                long begin = System.nanoTime();
                long stamp = lock.readLock();
                rounds.add(System.nanoTime() - begin);
                lock.unlockRead(stamp);
                Rounds.pause();
            });
        }
    }

    static void stampedWrite(Rounds rounds) {
        StampedLock lock = new StampedLock();
        rounds.repeat(() -> holdOnce(lock.asWriteLock()));
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> {
                long begin = System.nanoTime();
                long stamp = lock.writeLock();
                rounds.add(System.nanoTime() - begin);
                lock.unlockWrite(stamp);
                Rounds.pause();
            });
        }
    }

    static void semaphore(Rounds rounds) {
        Semaphore permit = new Semaphore(1);
        rounds.repeat(() -> {
            permit.acquireUninterruptibly();
            try {
                Rounds.hold();
            } finally {
                permit.release();
            }
            Rounds.pause();
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> {
                rounds.measure(permit::acquire);
                permit.release();
                Rounds.pause();
            });
        }
    }

    private static void exclusive(Rounds rounds, Lock lock) {
        rounds.repeatAsOwner(() -> holdOnce(lock));
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> takeOnce(rounds, lock));
        }
    }

    private static void holdOnce(Lock lock) throws InterruptedException {
        lock.lock();
        try {
            Rounds.hold();
        } finally {
            lock.unlock();
        }
        Rounds.pause();
    }

    private static void takeOnce(Rounds rounds, Lock lock) throws InterruptedException {
        long begin = System.nanoTime();
        lock.lock();
        try {
            rounds.add(System.nanoTime() - begin);
        } finally {
            lock.unlock();
        }
        Rounds.pause();
    }
}
