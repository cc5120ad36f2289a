// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Tells a snapshot what a thread's park blocker means, in the same words and identities as the hooks' totals. */
public final class Waits {
    private Waits() {}

    /** The object whose identity is reported: the queue of a condition, the phaser of a node, mostly the blocker itself. */
    public static Object subject(Object blocker) {
        try {
            if (blocker.getClass() == Types.PHASER_NODE) {
                return Access.phaser(blocker);
            }
            LockStat countedAs = countedAs(blocker);
            Object subject = countedAs == null ? null : countedAs.get();
            return subject == null ? blocker : subject;
        } catch (Throwable unreadable) {
            Switches.fault();
            return blocker;
        }
    }

    /**
     * The kind as in reports.
     *
     * @param shared whether the thread waits in shared mode, such as a reader; ignored where there is but one mode
     */
    public static String kind(Object blocker, boolean shared) {
        if (Futures.of(blocker) >= 0) {
            return Kind.FUTURE.id;
        }
        LockStat countedAs = countedAs(blocker);
        if (countedAs != null) {
            return countedAs.kind.id;
        }
        if (isAcquired(blocker)) {
            return Kind.of(blocker, shared ? Kind.SHARED : Kind.EXCLUSIVE).id;
        }
        if (Types.isTransferer(blocker) || Types.isTransferQueue(blocker)) {
            LockStat put = WaitHooks.LOCKS.peek(blocker, Kind.PUT);
            return put != null && put.waiting.get() > 0 ? Kind.QUEUE_PUT.id : Kind.QUEUE_TAKE.id;
        }
        return Kind.of(subject(blocker), Kind.SIGNAL).id;
    }

    /** Name of the class as reported: the lock rather than its inner synchroniser, for classes of the JDK. */
    public static String className(Object subject) {
        return Types.reported(subject).getName();
    }

    /** Whether who waits for this waits for work: the work queue of a known pool. */
    public static boolean idle(Object blocker) {
        LockStat countedAs = countedAs(blocker);
        LockStat take = countedAs == null ? WaitHooks.LOCKS.peek(blocker, Kind.TAKE) : countedAs;
        return take != null && take.mode == Kind.TAKE && take.poolId != 0;
    }

    private static @Nullable LockStat countedAs(Object blocker) {
        LockStat stat = WaitHooks.LOCKS.peek(blocker, Kind.SIGNAL);
        return stat == null ? null : stat.countedAs;
    }

    private static boolean isAcquired(Object blocker) {
        return blocker instanceof AbstractQueuedSynchronizer
                || blocker instanceof AbstractQueuedLongSynchronizer
                || blocker instanceof StampedLock;
    }
}
