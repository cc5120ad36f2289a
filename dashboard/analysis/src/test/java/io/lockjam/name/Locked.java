// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Methods that take a lock and call {@link #work()}, with the code that {@link HoldCodeTest} reads. */
final class Locked {
    private final Lock lock = new ReentrantLock();
    private int turns;

    void givesBack() {
        lock.lock();
        try {
            work();
        } finally {
            lock.unlock();
        }
    }

    void keeps() {
        lock.lock();
        work();
    }

    void keepsUnlessFull() {
        lock.lock();
        if (turns > 9) {
            lock.unlock();
        }
        work();
    }

    void takesNone() {
        work();
    }

    void turns() {
        while (turns < 99) {
            lock.lock();
            try {
                work();
            } finally {
                lock.unlock();
            }
        }
    }

    void keepsForAll() {
        lock.lock();
        try {
            while (turns < 99) {
                work();
            }
        } finally {
            lock.unlock();
        }
    }

    void callsWhoGivesBack() {
        givesBack();
        work();
    }

    void callsWhoKeeps() {
        keeps();
        work();
    }

    void callsWhoKnows(Guard guard) {
        guard.acquire();
        work();
    }

    void callsATask(Runnable task) {
        task.run();
        work();
    }

    /** Its code is not known. */
    interface Guard {
        void acquire();
    }

    private void work() {
        turns++;
    }
}
