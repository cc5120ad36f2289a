// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for a signal that another thread gives every 20 ms. */
final class SignalWaits {
    private static final int WAITERS = 3;

    private SignalWaits() {}

    @SuppressWarnings({"WaitNotInLoop", "NakedNotify"}) // the wait is what is measured, not what it is for
    static void objectWait(Rounds rounds) {
        Object monitor = new Object();
        rounds.repeat(() -> {
            Rounds.hold();
            synchronized (monitor) {
                monitor.notifyAll();
            }
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> {
                synchronized (monitor) {
                    rounds.measure(monitor::wait);
                }
            });
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the wait is what is measured, not what it is for
    static void condition(Rounds rounds) {
        ReentrantLock lock = new ReentrantLock();
        Condition changed = lock.newCondition();
        rounds.repeat(() -> {
            Rounds.hold();
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> {
                lock.lock();
                try {
                    rounds.measure(changed::await);
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    static void latch(Rounds rounds) {
        AtomicReference<CountDownLatch> next = new AtomicReference<>(new CountDownLatch(1));
        rounds.repeat(() -> {
            Rounds.hold();
            next.getAndSet(new CountDownLatch(1)).countDown();
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(Objects.requireNonNull(next.get())::await));
        }
    }

    static void barrier(Rounds rounds) {
        CyclicBarrier barrier = new CyclicBarrier(WAITERS + 1);
        rounds.repeat(() -> {
            Rounds.hold();
            rounds.measure(barrier::await); // it may come before the others
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(barrier::await));
        }
    }

    static void phaser(Rounds rounds) {
        Phaser phaser = new Phaser(WAITERS + 1);
        rounds.start(() -> {
            while (!rounds.over()) {
                Rounds.hold();
                rounds.measure(phaser::arriveAndAwaitAdvance);
            }
            phaser.forceTermination(); // waits at a phaser cannot be interrupted
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(phaser::arriveAndAwaitAdvance));
        }
    }

    static void exchanger(Rounds rounds) {
        Exchanger<Integer> exchanger = new Exchanger<>();
        rounds.repeat(() -> {
            Rounds.hold();
            rounds.measure(() -> exchanger.exchange(1));
        });
        rounds.repeat(() -> rounds.measure(() -> exchanger.exchange(2)));
    }

    static void park(Rounds rounds) {
        parked(rounds, LockSupport::park);
    }

    static void parkWithBlocker(Rounds rounds) {
        Object blocker = new Object();
        parked(rounds, () -> LockSupport.park(blocker));
    }

    private static void parked(Rounds rounds, Rounds.Body park) {
        List<Thread> parked = new CopyOnWriteArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            parked.add(rounds.repeat(() -> rounds.measure(park)));
        }
        rounds.repeat(() -> {
            Rounds.hold();
            parked.forEach(LockSupport::unpark);
        });
    }
}
