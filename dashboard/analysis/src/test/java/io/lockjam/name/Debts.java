// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;

/** Methods that stand somewhere and are still to give something, or have given it: the fixture of {@link OwedCodeTest}. */
@SuppressWarnings("LockNotBeforeTry") // what is held where it stands is the subject
final class Debts {
    private final CountDownLatch opened = new CountDownLatch(9);
    private final Semaphore permits = new Semaphore(9);
    private final Semaphore tokens = new Semaphore(9);
    private final StampedLock table = new StampedLock();
    private final BlockingQueue<Integer> links = new LinkedBlockingQueue<>(List.of(1, 2, 3));
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Where the last method stood. */
    StackTraceElement[] stack = {};

    private void stand() {
        stack = new Throwable().getStackTrace();
    }

    void countsDownLater() {
        stand();
        opened.countDown();
    }

    void hasCountedDown() {
        opened.countDown();
        stand();
    }

    void countsDownInACall() {
        stand();
        open();
    }

    private void open() {
        opened.countDown();
    }

    void countsDownInATask() {
        stand();
        new Thread(() -> opened.countDown()).start();
    }

    void countsDownALocal() {
        CountDownLatch done = new CountDownLatch(1);
        Runnable task = () -> {
            stand();
            done.countDown();
        };
        task.run();
    }

    void answersInTurn() {
        for (int turn = 0; turn < 2; turn++) {
            answer.complete(turn);
            stand();
        }
    }

    void holdsAPermit() throws InterruptedException {
        permits.acquire();
        try {
            stand();
        } finally {
            permits.release();
        }
    }

    void asksForASecondPermit() throws InterruptedException {
        permits.acquire();
        tokens.acquire();
        try {
            standAndAcquire(permits);
        } finally {
            permits.release();
            tokens.release();
        }
    }

    private void standAndAcquire(Semaphore what) throws InterruptedException {
        stand();
        what.acquire();
    }

    void asksForAPermit() throws InterruptedException {
        stand();
        permits.acquire();
        permits.release();
    }

    void mayHaveGivenThePermitBack(boolean early) throws InterruptedException {
        permits.acquire();
        if (early) {
            permits.release();
        }
        stand();
        if (!early) {
            permits.release();
        }
    }

    void handsOnATokenInTurn() throws InterruptedException {
        for (int turn = 0; turn < 2; turn++) {
            tokens.acquire();
            stand();
            permits.release();
        }
    }

    void writes() {
        long stamp = table.writeLock();
        try {
            stand();
        } finally {
            table.unlockWrite(stamp);
        }
    }

    void crawls() {
        for (int turn = 0; turn < 2; turn++) {
            links.poll();
            stand();
        }
    }

    void takesTwice() throws InterruptedException {
        Integer one = links.take();
        try {
            stand();
            links.put(links.take());
        } finally {
            links.put(one);
        }
    }

    void takesOnce() throws InterruptedException {
        stand();
        links.put(links.take());
    }

    void borrows() throws InterruptedException {
        Integer one = borrow();
        try {
            standAndBorrow();
        } finally {
            giveBack(one);
        }
    }

    private void standAndBorrow() throws InterruptedException {
        stand();
        giveBack(borrow());
    }

    void borrowsInTurn() throws InterruptedException {
        giveBack(borrow());
        standAndBorrow();
    }

    private Integer borrow() throws InterruptedException {
        return links.take();
    }

    private void giveBack(Integer one) {
        links.add(one);
    }

    void fillsUp() {
        new Thread(() -> giveBack(1)).start();
    }

    void completesAndSignals() {
        stand();
        answer.complete(1);
        lock.lock();
        changed.signalAll();
        lock.unlock();
    }

    synchronized void wakes() {
        stand();
        notifyAll();
    }

    void submits() throws InterruptedException {
        Thread runner = new Thread(new FutureTask<>(() -> {
            stand();
            return 1;
        }));
        runner.start();
        runner.join();
    }

    void submitsNothing() {
        stand();
    }
}
