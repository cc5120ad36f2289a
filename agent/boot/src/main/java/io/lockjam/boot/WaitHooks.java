// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.Exchanger;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Called by woven slow paths at the begin and the end of every wait: acquires, parks, hand-offs.
 *
 * <p>The begin returns a token, null if the wait is not to be counted; the end gets it back. Nothing is thrown, nothing
 * blocks, nothing is kept by thread.
 */
public final class WaitHooks {
    /** Shorter acquires of a lock that was free at the request were not held up by anyone. */
    private static final long CONTENDED_FROM = 20_000;

    /** A park that returns sooner found its permit there. */
    private static final long PARKED_FROM = 1_000;

    /** Our own time is taken for one wait in so many. */
    private static final int SELF_TIMED = 64;

    /** A hook that took longer lost its core meanwhile. */
    private static final long PREEMPTED_FROM = 100_000;

    static final LockTable LOCKS = new LockTable();
    static final Limiter LIMITER = new Limiter();
    /** Waits for one-shot results and parks without blocker, summed by class. */
    static final LockStat[] BY_CLASS = new LockStat[Futures.COUNT];

    static {
        for (int i = 0; i < BY_CLASS.length; i++) {
            BY_CLASS[i] = Futures.stat(i);
        }
    }

    private WaitHooks() {}

    /** An acquire enters its queue. */
    public static @Nullable Object beforeAcquire(Object synchroniser, boolean shared) {
        if (!Switches.enabled) {
            return null;
        }
        try {
            return acquires(synchroniser, shared ? Kind.SHARED : Kind.EXCLUSIVE);
        } catch (Throwable fault) {
            Switches.fault();
            return null;
        }
    }

    /** An acquire leaves its queue; not granted if timed out, interrupted or failed. */
    public static void afterAcquire(@Nullable Object token, boolean granted) {
        if (token == null) {
            return;
        }
        try {
            ends((Wait) token, granted, CONTENDED_FROM);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A park without blocker argument; the blocker may have been set before it. */
    public static @Nullable Object beforePark(long timeout) {
        if (!Switches.enabled) {
            return null;
        }
        try {
            return parks(LockSupport.getBlocker(Thread.currentThread()), timeout);
        } catch (Throwable fault) {
            Switches.fault();
            return null;
        }
    }

    /**
     * A park.
     *
     * @param timeout nanoseconds, 0 if there is none, negative if it is not known
     */
    public static @Nullable Object beforePark(@Nullable Object blocker, long timeout) {
        if (!Switches.enabled) {
            return null;
        }
        try {
            return parks(blocker, timeout);
        } catch (Throwable fault) {
            Switches.fault();
            return null;
        }
    }

    /** The current thread lets another go on. */
    public static void unparks(@Nullable Thread thread) {
        if (thread == null || !Switches.enabled) {
            return;
        }
        try {
            Wakers.wakes(thread);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    public static void afterPark(@Nullable Object token) {
        if (token == null) {
            return;
        }
        try {
            ends((Wait) token, true, PARKED_FROM);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A thread has come to a phaser or an exchanger; unless the others are there already it waits, at first spinning. */
    public static @Nullable Object beforeMeeting(Object meeting) {
        if (!Switches.enabled) {
            return null;
        }
        try {
            return waits(meeting, Kind.SIGNAL);
        } catch (Throwable fault) {
            Switches.fault();
            return null;
        }
    }

    /** A hand-off finds no partner and begins to wait, first spinning and then parked. */
    public static @Nullable Object beforeTransfer(Object queue, boolean put) {
        if (!Switches.enabled) {
            return null;
        }
        try {
            return waits(queue, put ? Kind.PUT : Kind.TAKE);
        } catch (Throwable fault) {
            Switches.fault();
            return null;
        }
    }

    public static void afterTransfer(@Nullable Object token, boolean granted) {
        if (token == null) {
            return;
        }
        try {
            ends((Wait) token, granted, PARKED_FROM);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    private static @Nullable Wait waits(Object subject, int mode) {
        long now = System.nanoTime();
        Thread current = Thread.currentThread();
        if (Switches.leavesOut(current, Switches.OWN_TRANSFERS)) {
            return null;
        }
        LockStat stat = enter(subject, mode);
        return begun(stat, now, null, 0, stat.id);
    }

    private static @Nullable Wait acquires(Object synchroniser, int mode) throws Throwable {
        long now = System.nanoTime();
        Thread current = Thread.currentThread();
        if (Switches.leavesOut(current, Switches.OWN_ACQUIRES)) {
            return null;
        }
        Thread owner = Access.owner(synchroniser);
        LockStat stat = enter(synchroniser, mode);
        if (stat.kind == Kind.IGNORED) {
            stat.waiting.getAndDecrement();
            return null;
        }
        if (owner == null && stat.kind == Kind.WRITE) {
            owner = Access.firstReader(synchroniser);
        }
        if (owner != null && owner != current) {
            OwnerProbe.offer(stat, synchroniser, owner, now);
        }
        Wait wait = begun(stat, now, Wait.ofMoment(owner, now, System.nanoTime()), 0, stat.id);
        timeSelf(now);
        return wait;
    }

    private static @Nullable Wait parks(@Nullable Object blocker, long timeout) {
        long now = System.nanoTime();
        Thread current = Thread.currentThread();
        if (Switches.leavesOut(current, Switches.OWN_PARKS)) {
            return null;
        }
        LoopHooks.parks(current, now);
        if (blocker == null) {
            return byClass(Futures.PARK, now, timeout, 0);
        }
        if (blocker instanceof AbstractQueuedSynchronizer
                || blocker instanceof AbstractQueuedLongSynchronizer
                || blocker instanceof StampedLock
                || blocker instanceof ForkJoinPool
                || blocker instanceof Exchanger
                || blocker.getClass() == Types.PHASER_NODE
                || Types.isTransferQueue(blocker)) {
            return null; // counted around the whole acquire, meeting or transfer; a pool's idle worker is not held up
        }
        int future = Futures.of(blocker);
        if (future >= 0) {
            return byClass(future, now, timeout, blocker instanceof FutureTask ? System.identityHashCode(blocker) : 0);
        }
        LockStat stat = enter(blocker, Kind.SIGNAL);
        return begun(stat, now, null, timeout, stat.id);
    }

    private static Wait byClass(int future, long now, long timeout, int id) {
        LockStat stat = BY_CLASS[future];
        stat.waiting.getAndIncrement();
        return begun(stat, now, null, timeout, id);
    }

    /** Finds where to count, and counts the thread as waiting there. */
    private static LockStat enter(Object subject, int mode) {
        LockStat stat = LOCKS.find(subject, mode);
        LockStat countedAs = stat.countedAs;
        if (countedAs != null) {
            stat = countedAs;
        }
        stat.waiting.getAndIncrement();
        if (stat.evicted) {
            stat.waiting.getAndDecrement();
            Object counted = stat.get();
            stat = counted == null ? LOCKS.overflow(stat.kind.index()) : LOCKS.find(counted, stat.mode);
            stat.waiting.getAndIncrement();
        }
        return stat;
    }

    private static Wait begun(LockStat stat, long now, @Nullable Thread owner, long timeout, int id) {
        Since since = stat.since;
        Wait wait;
        try {
            wait = new Wait(stat, now, owner, timeout, id, since);
        } catch (OutOfMemoryError | StackOverflowError noRoom) { // nobody will count it out at its end
            stat.waiting.getAndDecrement();
            throw noRoom;
        }
        if (since != null) {
            since.enter(now);
        }
        return wait;
    }

    private static void ends(Wait wait, boolean granted, long countedFrom) {
        long now = System.nanoTime();
        LockStat stat = wait.stat;
        stat.waiting.getAndDecrement();
        if (wait.since != null) {
            wait.since.leave(wait.requestedAt);
        }
        long waited = now - wait.requestedAt;
        if (waited < countedFrom && wait.owner == null && stat.mode != Kind.SHARED) {
            return;
        }
        Thread current = Thread.currentThread();
        Thread releasedBy = null;
        if (granted && stat.mode == Kind.EXCLUSIVE && stat.kind.exclusive()) {
            releasedBy = stat.granted(current, wait.requestedAt, now, wait.owner);
        }
        stat.waits.add(waited);
        int unsampled = stat.unsampled.incrementAndGet();
        if (Switches.events && LIMITER.takes(stat, waited, now) && Reentry.enter(current)) {
            try {
                stat.unsampled.getAndAdd(-unsampled);
                stat.sampledAt = now;
                Switches.SAMPLED.getAndIncrement();
                boolean woken = granted && !(wait.timeout > 0 && waited >= wait.timeout);
                Thread by = woken && stat.endedByWaker() ? Wakers.of(current) : releasedBy;
                JfrWaits.wait(wait, waited, now, by, unsampled, woken);
            } finally {
                Reentry.leave(current);
            }
        }
        timeSelf(now);
    }

    /** Adds the time since {@code begun} for one hook in {@link #SELF_TIMED}, drawn by the last bits of the clock. */
    private static void timeSelf(long begun) {
        if ((begun * 0x9E3779B97F4A7C15L) >>> 58 == 0) {
            long took = System.nanoTime() - begun;
            if (took < PREEMPTED_FROM) {
                Switches.HOOK_NANOS.getAndAdd(took * SELF_TIMED);
            }
        }
    }
}
