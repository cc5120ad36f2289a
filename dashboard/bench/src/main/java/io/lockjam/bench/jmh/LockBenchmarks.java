// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.jmh;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Locks that nobody else wants, and a park that finds its permit there. */
@State(Scope.Thread)
public class LockBenchmarks {
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
    private final StampedLock stamped = new StampedLock();
    private final Semaphore semaphore = new Semaphore(1);
    private final Object monitor = new Object();
    private int count;

    @Benchmark
    public int reentrantLock() {
        lock.lock();
        try {
            return ++count;
        } finally {
            lock.unlock();
        }
    }

    @Benchmark
    public int readLock() {
        readWrite.readLock().lock();
        try {
            return ++count;
        } finally {
            readWrite.readLock().unlock();
        }
    }

    @Benchmark
    public int stampedLock() {
        long stamp = stamped.writeLock();
        try {
            return ++count;
        } finally {
            stamped.unlockWrite(stamp);
        }
    }

    @Benchmark
    public int semaphore() throws InterruptedException {
        semaphore.acquire();
        try {
            return ++count;
        } finally {
            semaphore.release();
        }
    }

    @Benchmark
    public int monitor() {
        synchronized (monitor) {
            return ++count;
        }
    }

    /** The slow path itself: this is what a wait costs more. */
    @Benchmark
    public void unparkAndPark() {
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park(this);
    }
}
