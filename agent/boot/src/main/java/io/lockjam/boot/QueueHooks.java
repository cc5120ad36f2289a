// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Called by woven queues and barriers just before they wait: ties the condition they wait on to the queue itself. During a search, which lasts
 * moments, called by queues at each use: one that is never full and never empty makes nobody wait and would not be known.
 */
public final class QueueHooks {
    /** Before the internal name of a class: it is to call {@link #seen} instead of what it calls when somebody waits. */
    public static final String SEARCH = "search/";

    /** Queues that one search makes known; an application may use any number. */
    private static final int MOST_FOUND = 200;

    private static final AtomicInteger TO_FIND = new AtomicInteger();

    private QueueHooks() {}

    /** Begins a search, or ends it. */
    public static void search(boolean on) {
        TO_FIND.set(on ? MOST_FOUND : 0);
    }

    /**
     * The current thread puts into a queue of the JDK, or takes from it.
     *
     * @param mode {@link #PUT} or {@link #TAKE}
     */
    public static void seen(Object queue, int mode) {
        if (TO_FIND.get() <= 0 || !Switches.enabled) {
            return;
        }
        try {
            find(queue, mode);
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

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

    private static void find(Object queue, int mode) {
        Thread current = Thread.currentThread();
        if (Switches.isOwn(current) || !Reentry.enter(current)) {
            return;
        }
        try {
            LockStat stat = WaitHooks.LOCKS.find(queue, mode);
            if (stat.id == 0 || stat.found || TO_FIND.getAndDecrement() <= 0) {
                return;
            }
            stat.found = true;
            if (Switches.events) { // tells the line, and with it the queue's name
                long now = System.nanoTime();
                JfrWaits.wait(new Wait(stat, now, null, 0, stat.id, null), 0, now, null, 1, true);
            }
        } finally {
            Reentry.leave(current);
        }
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
