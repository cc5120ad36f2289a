// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Methods that take from a queue or wait for a signal, and give back or do not: the fixture of {@link BorrowCodeTest}. */
@SuppressWarnings({"WaitNotInLoop", "NotifyNotAll"}) // what waits and who wakes is the subject
final class Borrowers {
    private final BlockingQueue<Task> free =
            new LinkedBlockingQueue<>(List.of(new Task(), new Task(), new Task(), new Task()));
    private final Pool pool = new Pool();
    private final Mutex mutex = new Mutex();
    private final Turn turn = new Turn();
    /** Where the innermost method of ours waited. */
    static StackTraceElement[] stack = {};

    static void stand() {
        stack = new Throwable().getStackTrace();
    }

    /** Something that is done in steps. */
    static final class Task {
        boolean step() {
            return stack.length == 0;
        }

        List<Task> more() {
            return List.of(this);
        }
    }

    /** Lends what lies in a queue. */
    static final class Pool {
        private final BlockingQueue<Task> idle = new LinkedBlockingQueue<>(List.of(new Task(), new Task()));

        @Nullable
        Task borrow() throws InterruptedException {
            stand();
            return idle.poll(1, TimeUnit.SECONDS);
        }

        void giveBack(Task task) {
            if (!idle.isEmpty()) {
                return;
            }
            idle.add(task);
        }

        Lease lease() throws InterruptedException {
            stand();
            return new Lease(this, idle.take());
        }
    }

    /** Gives back at its end. */
    record Lease(Pool pool, Task task) implements AutoCloseable {
        @Override
        public void close() {
            pool.giveBack(task);
        }
    }

    /** A lock of wait and notify. */
    static final class Mutex {
        private boolean taken;

        synchronized void enter() throws InterruptedException {
            stand();
            if (taken) {
                wait(1);
            }
            taken = true;
        }

        synchronized void leave() {
            taken = false;
            notify();
        }
    }

    /** Threads that take turns. */
    static final class Turn {
        private int next;

        synchronized void await(int own) throws InterruptedException {
            stand();
            if (next != own) {
                wait(1);
            }
        }

        synchronized void pass() {
            next++;
            notifyAll();
        }
    }

    void putsBack() throws InterruptedException {
        stand();
        Task task = free.take();
        try {
            task.step();
        } finally {
            free.put(task);
        }
    }

    void borrows() throws InterruptedException {
        Task task = pool.borrow();
        if (task == null) {
            throw new IllegalStateException();
        }
        try {
            task.step();
        } finally {
            pool.giveBack(task);
        }
    }

    void leases() throws InterruptedException {
        try (Lease lease = pool.lease()) {
            lease.task().step();
        }
    }

    void putsBackWhatIsNotDone() throws InterruptedException {
        stand();
        Task task = free.take();
        if (task.step()) {
            free.put(task);
        }
    }

    void putsMore() throws InterruptedException {
        stand();
        Task task = free.take();
        for (Task each : task.more()) {
            free.put(each);
        }
    }

    void callsWhatPutsMore() throws InterruptedException {
        stand();
        Task task = free.take();
        crawl(task);
    }

    private void crawl(Task task) {
        free.addAll(task.more());
        for (Task each : task.more()) {
            free.add(each);
        }
    }

    void excludes() throws InterruptedException {
        mutex.enter();
        try {
            new Task().step();
        } finally {
            mutex.leave();
        }
    }

    void takesTurns() throws InterruptedException {
        turn.await(0);
        turn.pass();
    }

    void onlyTakes() throws InterruptedException {
        stand();
        free.take();
        free.put(new Task());
    }
}
