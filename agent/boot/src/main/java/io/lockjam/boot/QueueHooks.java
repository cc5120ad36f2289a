// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Called by woven queues and barriers just before they wait: ties the condition they wait on to the queue itself. */
public final class QueueHooks {
    private QueueHooks() {}

    /**
     * Counts waits on {@code blocker} as waits for {@code subject} from now on.
     *
     * @param mode {@link #PUT}, {@link #TAKE} or {@link #BARRIER}
     */
    public static void register(Object blocker, Object subject, int mode) {
        if (!Switches.enabled) {
            return;
        }
        try {
            tie(blocker, subject, mode);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** Threads that wait for room. */
    public static final int PUT = Kind.PUT;

    /** Threads that wait for an element. */
    public static final int TAKE = Kind.TAKE;

    /** Threads that wait for each other. */
    public static final int BARRIER = Kind.SIGNAL;

    /** A hand-off without partner is about to park on {@code transferer}, for room if it brings an element. */
    public static void registerTransfer(Object transferer, @Nullable Object element) {
        register(transferer, transferer, element == null ? TAKE : PUT);
    }

    static void tie(Object blocker, Object subject, int mode) {
        LockStat stat = WaitHooks.LOCKS.find(blocker, Kind.SIGNAL);
        if (stat.id == 0) {
            return; // no room: the waits of all such blockers are summed
        }
        LockStat countedAs = stat.countedAs;
        if (countedAs == null || countedAs.evicted || !countedAs.is(subject, mode)) {
            stat.countedAs = WaitHooks.LOCKS.find(subject, mode);
        }
    }
}
