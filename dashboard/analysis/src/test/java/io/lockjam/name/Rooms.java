// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for conditions, at the end of which a lock is taken back. */
@SuppressWarnings("WaitNotInLoop") // the line of the wait is what counts
final class Rooms {
    private final Lock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    private final Condition either;
    private final Condition given;

    Rooms(Lock other, Condition given, boolean own) {
        this.either = own ? lock.newCondition() : other.newCondition();
        this.given = given;
    }

    void free() throws InterruptedException {
        free.await();
    }

    void local() throws InterruptedException {
        Condition made = lock.newCondition();
        made.await();
    }

    void either() throws InterruptedException {
        either.await();
    }

    void given() throws InterruptedException {
        given.await();
    }
}
