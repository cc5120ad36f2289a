// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Loops that wait for a signal, and code that gives one or forgets it: the fixture of {@link ForgottenSignalTest}, never run. */
@SuppressWarnings({"unused", "NotifyAll"}) // only the code is of interest
final class Unheard {
    static class Mailbox {
        private final Deque<String> letters = new ArrayDeque<>();

        synchronized String fetch() throws InterruptedException {
            while (letters.isEmpty()) {
                wait();
            }
            return letters.poll();
        }

        synchronized void drop(String letter) {
            letters.add(letter);
        }
    }

    /** Of a mailbox whose code gives no signal. */
    static final class Bell extends Mailbox {
        synchronized void ring() {
            notifyAll();
        }
    }

    static final class Gate {
        private final Lock lock = new ReentrantLock();
        private final Condition opened = lock.newCondition();
        private final Condition closed = lock.newCondition();
        private boolean open;
        private final AtomicInteger guests = new AtomicInteger();

        void pass() throws InterruptedException {
            lock.lock();
            try {
                while (!isOpen()) {
                    opened.await();
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean isOpen() {
            return open;
        }

        void awaitGuests() throws InterruptedException {
            lock.lock();
            try {
                while (guests.get() > 0) {
                    closed.await();
                }
            } finally {
                lock.unlock();
            }
        }

        void open() {
            lock.lock();
            try {
                open = true;
                guests.incrementAndGet();
                closed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    static final class Locked {
        private final Object ready = new Object();
        private final Object other = new Object();
        private final Object given;
        private boolean set;

        Locked(Object given) {
            this.given = given;
        }

        void await() throws InterruptedException {
            synchronized (ready) {
                while (!set) {
                    ready.wait();
                }
            }
        }

        void awaitGiven() throws InterruptedException {
            synchronized (given) {
                while (!set) {
                    given.wait();
                }
            }
        }

        void set() {
            synchronized (other) {
                set = true;
                other.notifyAll();
            }
        }
    }

    static final class Handed {
        private final Object ready = new Object();
        private boolean set;

        void await() throws InterruptedException {
            synchronized (ready) {
                while (!set) {
                    ready.wait();
                }
            }
        }

        void set() {
            set = true;
            wake(ready);
        }

        private static void wake(Object lock) {
            synchronized (lock) {
                lock.notifyAll();
            }
        }
    }

    /** Both may be one object. */
    static final class Fed {
        private final Object ready = new Object();
        private final Object given;
        private boolean set;

        Fed(Object given) {
            this.given = given;
        }

        void await() throws InterruptedException {
            synchronized (ready) {
                while (!set) {
                    ready.wait();
                }
            }
        }

        void set() {
            set = true;
            synchronized (given) {
                given.notifyAll();
            }
        }
    }

    /** A mailbox is none of these. */
    static final class Typed {
        private boolean set;

        synchronized void await() throws InterruptedException {
            while (!set) {
                wait();
            }
        }

        void set(Mailbox box) {
            set = true;
            synchronized (box) {
                box.notifyAll();
            }
        }
    }

    static final class Alive {
        private boolean unused;

        synchronized void forever() throws InterruptedException {
            while (true) {
                wait();
            }
        }

        void use() {
            unused = true;
        }
    }

    static final class Worker extends Thread {
        private boolean done;

        synchronized void awaitDone() throws InterruptedException {
            while (!done) {
                wait();
            }
        }

        synchronized void finish() {
            done = true;
        }
    }

    private Unheard() {}
}

/** Ended by an interruption. */
final class Stopped {
    private boolean stopped;

    synchronized void await() throws InterruptedException {
        while (!stopped) {
            wait();
        }
    }

    synchronized void stop(Future<?> service) {
        stopped = true;
        service.cancel(true);
    }
}

/** That a thread sets its own flag again is no signal. */
final class Restored {
    private boolean stopped;

    synchronized void await() {
        while (!stopped) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    synchronized void stop() {
        stopped = true;
    }
}
