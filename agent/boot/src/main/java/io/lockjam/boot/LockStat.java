// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Waits for one object in one mode; refers to the object weakly. */
final class LockStat extends WeakReference<Object> {
    final int id;
    final int mode;
    final Kind kind;
    /** Null where waits of many objects without a common class are summed. */
    final @Nullable Class<?> reported;

    final Tally waits = new Tally();
    final AtomicInteger waiting = new AtomicInteger();
    /** Waits since one was sampled. */
    final AtomicInteger unsampled = new AtomicInteger();

    final AtomicLong holds = new AtomicLong();
    final AtomicLong held = new AtomicLong();
    final AtomicLong longestHold = new AtomicLong();

    /** For a condition of a queue or barrier: where its waits are counted. */
    volatile @Nullable LockStat countedAs;

    /** Identity of the pool whose work queue this is; 0 if it is none. */
    volatile int poolId;

    /** The idle waits under way, if it is one. */
    volatile @Nullable Since since;

    /** Whether a search has made this queue known: it has a row though nobody waits. */
    volatile boolean found;

    /** Set once the table no longer leads here; who found it before must look again. */
    volatile boolean evicted;

    /** The thread of the last contended grant and its time; forgotten when a second passes without a wait. */
    volatile @Nullable Thread holder;

    volatile long grantedAt;
    volatile long sampledAt;
    volatile long probedAt;

    /** Flushes without a wait; the agent's thread only. */
    int quietFlushes;

    LockStat(@Nullable Object subject, int id, int mode, Kind kind, @Nullable Class<?> reported) {
        super(subject);
        this.id = id;
        this.mode = mode;
        this.kind = kind;
        this.reported = reported;
    }

    static LockStat of(Object subject, int mode) {
        return new LockStat(
                subject, System.identityHashCode(subject), mode, Kind.of(subject, mode), Types.reported(subject));
    }

    /** Totals that belong to no single object. */
    static LockStat shared(Kind kind, @Nullable Class<?> reported) {
        return new LockStat(null, 0, Kind.SIGNAL, kind, reported);
    }

    /** Whether who unparked a waiter is who gave the signal or the permit, or was woken with it: readers of a lock wake each other. */
    boolean endedByWaker() {
        return kind == Kind.SEMAPHORE || kind == Kind.LATCH || (mode != Kind.EXCLUSIVE && mode != Kind.SHARED);
    }

    boolean is(Object subject, int wantedMode) {
        return mode == wantedMode && refersTo(subject);
    }

    /**
     * Notes a contended grant of a lock that one thread holds at a time; the caller holds it.
     *
     * @param requestedAt when the wait began
     * @param owner the holder seen then
     * @return who held the lock before, null if not known
     */
    @Nullable
    Thread granted(Thread current, long requestedAt, long now, @Nullable Thread owner) {
        Thread last = holder;
        long lastAt = grantedAt;
        holder = current;
        grantedAt = now;
        if (last == null || last == current || (owner != last && requestedAt - lastAt > 0)) {
            return owner; // someone took it uncontended in between: how long the last holder kept it is not known
        }
        long hold = now - lastAt;
        holds.getAndIncrement();
        held.getAndAdd(hold);
        if (hold > longestHold.get()) {
            longestHold.set(hold);
        }
        return last;
    }
}
