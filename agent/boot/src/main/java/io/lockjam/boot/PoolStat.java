// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.ref.WeakReference;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** One pool: its sampled tasks on their way, and the sums of their times; refers to the pool weakly. */
final class PoolStat extends WeakReference<Object> {
    /** Tasks whose wait in the queue is being timed; while all are under way no further one is. */
    private static final int AWAITED = 8;

    /** A timed task costs 0.3 µs more (measured): 5 µs a second for each pool. */
    private static final int FREE = 16;

    /** A task older than this is not in a queue that is empty: a worker that waited since before us took it unseen. */
    private static final long FRESH = 1_000_000_000L;

    /** The same where the queue is never empty. */
    private static final long STALE = 60_000_000_000L;

    final int id;
    final boolean scheduled;

    final Tally queueTimes = new Tally();
    final Tally serviceTimes = new Tally();
    final AtomicLong serviceSquares = new AtomicLong();
    final AtomicLong cpu = new AtomicLong();
    final AtomicLong cpuService = new AtomicLong();
    final AtomicLong rejections = new AtomicLong();

    /** Choose the tasks to time; lost updates do no harm. */
    int submits;

    int starts;

    /** Counted by the hooks of pools that do not count themselves. */
    final AtomicLong arrivals = new AtomicLong();

    final AtomicLong completions = new AtomicLong();

    /** Threads that ask for a slot now. */
    final AtomicInteger waiting = new AtomicInteger();

    /** Tasks begun and not ended, in pools that do not count them. */
    final AtomicInteger lent = new AtomicInteger();

    /** The slot that has been lent longest; the agent's thread only. */
    SlotUses.@Nullable Held oldest;

    final PoolReader reader;

    /** Tasks that are timed in this interval whatever their turn; lost updates do no harm. */
    private int free;

    /** What the agent's thread saw last; it alone uses it. */
    final PoolView view = new PoolView();

    private volatile WeakReference<@Nullable Object> queue = new WeakReference<>(null);
    private final AtomicReferenceArray<@Nullable Awaited> awaited = new AtomicReferenceArray<>(AWAITED);

    /** How many there are: most tasks are not timed and need no search. */
    private final AtomicInteger awaiting = new AtomicInteger();

    /** Whether its threads are virtual; the agent's thread only. */
    boolean virtual;

    /** Whether there will be no second thread, by what was seen last. */
    volatile boolean alone;

    PoolStat(Object pool, PoolReader reader) {
        super(pool);
        this.id = System.identityHashCode(pool);
        this.scheduled = pool instanceof ScheduledThreadPoolExecutor
                || reader instanceof TimerReader
                || reader instanceof QuartzReader;
        this.reader = reader;
        this.alone = LoopHooks.alone(pool);
    }

    /** A task in the queue; weak, for it may be taken out without being run. */
    private static final class Awaited extends WeakReference<Object> {
        final long submittedAt;

        Awaited(Object task, long submittedAt) {
            super(task);
            this.submittedAt = submittedAt;
        }
    }

    /** The queue from which its threads take their tasks: their waits for it are idle time. */
    void tasksIn(Object tasks) throws Throwable {
        queue = new WeakReference<>(tasks);
        Object subject = tasks instanceof SynchronousQueue ? Access.transferer((SynchronousQueue<?>) tasks) : tasks;
        if (subject != null) {
            LockStat takes = WaitHooks.LOCKS.find(subject, Kind.TAKE);
            if (takes.id != 0 && takes.since == null) {
                takes.since = new Since();
            }
            takes.poolId = id;
        }
    }

    /** Begins a new interval: in a pool with few tasks one in so many would be too few to tell their times from. */
    void refill(long now, int depth) {
        free = FREE;
        for (int i = 0; i < AWAITED; i++) {
            Awaited there = awaited.get(i);
            if (there != null
                    && ((depth <= 0 && now - there.submittedAt > FRESH) || now - there.submittedAt > STALE)
                    && awaited.compareAndSet(i, there, null)) {
                awaiting.getAndDecrement();
            }
        }
    }

    /** Whether the task that a scheduler begins now is timed. */
    boolean takesTurn() {
        boolean turn = (starts++ & (PoolHooks.TIMED - 1)) == 0;
        return takesFree() || turn;
    }

    boolean takesFree() {
        return free > 0 && free-- > 0;
    }

    @Nullable
    Object queue() {
        return queue.get();
    }

    /** Times how long this task stays in the queue, if there is room. */
    void await(Object task, long submittedAt) {
        for (int i = 0; i < AWAITED; i++) {
            Awaited there = awaited.get(i);
            if (there == null || there.refersTo(null)) {
                if (awaited.compareAndSet(i, there, new Awaited(task, submittedAt)) && there == null) {
                    awaiting.getAndIncrement();
                }
                return;
            }
        }
    }

    /** When the task was submitted; 0 if it is not timed. */
    long awaited(Object task) {
        if (awaiting.get() == 0) {
            return 0;
        }
        for (int i = 0; i < AWAITED; i++) {
            Awaited there = awaited.get(i);
            if (there != null && there.refersTo(task) && awaited.compareAndSet(i, there, null)) {
                awaiting.getAndDecrement();
                return there.submittedAt;
            }
        }
        return 0;
    }

    /** Adds the times of one task; CPU is negative if not read. */
    void add(long queued, long served, long cpuUsed) {
        queueTimes.add(Math.max(0, queued));
        served(served);
        if (cpuUsed >= 0) {
            cpu.getAndAdd(cpuUsed);
            cpuService.getAndAdd(served);
        }
    }

    /** Adds the time of one task, or of one use of a slot. */
    void served(long served) {
        serviceTimes.add(served);
        long micros = Math.min(served / 1_000, 3_000_000_000L); // the square of 50 minutes still fits
        serviceSquares.getAndAdd(micros * micros);
    }
}
