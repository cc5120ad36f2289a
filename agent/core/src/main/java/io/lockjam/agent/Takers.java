// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells the stacks of threads that have long waited to take from a queue, a few for each queue: as a rule they wait for work, but those at a pool
 * that was made of a queue wait for each other, and only their code can tell.
 */
final class Takers {
    /** Nobody waits this long for a connection in the ordinary course. */
    private static final long LONG = 5_000_000_000L;

    private static final int OF_A_QUEUE = 8;
    private static final int AT_ALL = 64;

    /** Share of the stack budget that is left to others. */
    private static final double RESERVE = 0.4;

    private final ThreadAccess access;
    private final StackBudget budget;
    private final Map<Long, Integer> told = new HashMap<>();
    private int all;
    private long since = System.nanoTime();

    Takers(ThreadAccess access, StackBudget budget) {
        this.access = access;
        this.budget = budget;
    }

    /** Tells this one's, if it has none yet; all are told again each minute, and when somebody new reads. */
    void tell(
            Thread thread,
            ThreadProbe.Seen seen,
            WaitReader.Subject subject,
            WaitBook.Entry entry,
            long readerSince,
            FactSink sink,
            long now)
            throws Throwable {
        if (now - since > Snapshot.TELL_AGAIN || since - readerSince < 0) {
            told.clear();
            all = 0;
            since = now;
        }
        if (!entry.taker
                || subject.queue()
                || seen.state() != Thread.State.WAITING
                || !entry.unchanged
                || now - entry.since() < LONG
                || !entry.isTakerUntold(since)
                || all >= AT_ALL
                || told.getOrDefault(subject.lockId(), 0) >= OF_A_QUEUE
                || !budget.take(now, RESERVE)) {
            return;
        }
        StackTraceElement[] frames = access.stack(thread);
        if (IdleRule.takes(frames)) {
            told.merge(subject.lockId(), 1, Integer::sum);
            all++;
            entry.tellTaker(now);
            Snapshot.tell(sink, thread, "taker", subject, seen.state(), frames);
        }
    }
}
