// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import org.jspecify.annotations.Nullable;

/** What the JVM says of its platform threads, many at a time and without stacks. */
interface ThreadProbe {
    /**
     * One thread at one moment.
     *
     * @param moves grows whenever the thread begins to wait or to block; the same number means the same wait
     * @param lockClass class of the monitor or blocker it waits for; null if none is named
     * @param lockId its identity hash; 0 if none is named
     * @param ownerId Java id of the thread that holds it; -1 if not known
     */
    record Seen(
            Thread.State state, long moves, @Nullable String lockClass, int lockId, long ownerId, boolean inNative) {}

    /** In the order of {@code ids}; null for threads that have ended. */
    @Nullable
    Seen[] look(long[] ids, Thread[] threads);

    /** CPU time of one thread in nanoseconds; -1 if it has ended or cannot be told. */
    long cpuNanos(long id);
}
