// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Exchanger;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Makes every hook run once on objects of our own before the application meets one. */
final class Rehearsal {
    /** Enough for every branch, too few to matter. */
    private static final int ROUNDS = 20;

    /** Nanoseconds that count as a wait. */
    private static final long A_WAIT = 30_000;

    static final Sink SINK = new Nowhere();

    private Rehearsal() {}

    /** Drops the totals of the rehearsal. */
    private static final class Nowhere implements Sink {
        @Override
        public void lock(LockRow row) {}

        @Override
        public void queue(QueueRow row) {}

        @Override
        public void pool(PoolRow row) {}
    }

    /** A synchroniser with an owner, without a thread that would have to hold it. */
    private static final class Held extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        void by(Thread owner) {
            setExclusiveOwnerThread(owner);
        }
    }

    /** Lends slots as a library's pool would; read as the table of libraries says. */
    static final class Slots {
        final String name = "rehearsal";
        final int size = 2;
        final AtomicInteger lent = new AtomicInteger();
    }

    static void run() {
        Thread other = new Thread("lockjam rehearsal");
        Held held = new Held();
        held.by(other);
        for (int i = 0; i < ROUNDS; i++) {
            acquire(held, false);
            acquire(held, true);
            acquire(new Held(), false);
            park(new ReentrantLock().newCondition());
            park(new FutureTask<Object>(other, ""));
            park(new CompletableFuture<Object>());
            WaitHooks.afterPark(WaitHooks.beforeMeeting(new Phaser()));
            Object meeting = WaitHooks.beforeMeeting(new Exchanger<Object>());
            LockSupport.parkNanos(A_WAIT);
            WaitHooks.afterPark(meeting);
            LoopHooks.afterWait();
            LoopHooks.beforeWait();
            Object parked = WaitHooks.beforePark(1);
            LockSupport.parkNanos(A_WAIT);
            WaitHooks.unparks(Thread.currentThread());
            WaitHooks.afterPark(parked);
            queue();
        }
        pool();
        slots();
        OwnerProbe.owner(held);
        OwnerProbe.poll();
        Waits.kind(held, false);
        Waits.idle(held);
    }

    private static void acquire(Held held, boolean shared) {
        Object token = WaitHooks.beforeAcquire(held, shared);
        LockSupport.parkNanos(A_WAIT);
        WaitHooks.afterAcquire(token, true);
    }

    private static void park(Object blocker) {
        Object token = WaitHooks.beforePark(blocker, 0);
        LockSupport.parkNanos(A_WAIT);
        WaitHooks.afterPark(token);
    }

    private static void pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        ScheduledThreadPoolExecutor scheduled = new ScheduledThreadPoolExecutor(1);
        Object task = new Object();
        PoolHooks.submitted(pool, task);
        PoolHooks.afterTask(pool, task);
        PoolHooks.beforeTask(pool);
        PoolHooks.submitted(scheduled, task);
        PoolHooks.afterTask(scheduled, task);
        PoolHooks.workerAdded(pool, task);
        PoolHooks.rejected(pool);
        TimerHooks.starts(pool, true); // no timer, nor anything of Quartz or Kotlin: the classes are made ready
        TimerHooks.asks(pool);
        QuartzHooks.starts(task);
        QuartzHooks.ends();
        CoroutineHooks.starts(pool, task);
        CoroutineHooks.ends(pool);
        pool.shutdown();
        scheduled.shutdown();
    }

    private static void slots() {
        Slots pool = new Slots();
        Object slot = new Object();
        for (int i = 0; i <= SlotHooks.ALL_TIMED + 1; i++) {
            SlotHooks.afterBorrow(pool, slot, SlotHooks.beforeBorrow(pool));
            SlotHooks.returned(slot);
            SlotHooks.afterBorrow(pool, null, SlotHooks.beforeBorrow(pool));
        }
        Object task = new Object();
        TaskHooks.submitted(pool, task);
        TaskHooks.ended(pool, TaskHooks.started(pool, task));
        TaskHooks.counted(pool, false);
        pool.lent.set(pool.name.length() - pool.size); // both fields are read by their names
    }

    private static void queue() {
        Object condition = new ReentrantLock().newCondition();
        LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        QueueHooks.register(condition, queue, QueueHooks.PUT);
        QueueHooks.register(condition, queue, QueueHooks.TAKE);
        park(condition);
        Object token = WaitHooks.beforeTransfer(new SynchronousQueue<>(), true);
        LockSupport.parkNanos(A_WAIT);
        WaitHooks.afterTransfer(token, true);
    }
}
