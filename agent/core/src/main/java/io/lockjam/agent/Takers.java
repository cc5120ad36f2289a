// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells the stacks of threads that have long waited to take from a queue, a few for each queue: as a rule they wait for work, but those at a pool
 * that was made of a queue wait for each other, and only their code can tell.
 *
 * <p>They are told as they were first seen: when a class is redefined, methods that go on running lose their lines.
 */
final class Takers {
    /** Nobody waits this long for a connection in the ordinary course. */
    static final long LONG = 5_000_000_000L;

    private static final int OF_A_QUEUE = 8;
    private static final int AT_ALL = 64;

    private final Map<Long, Integer> told = new HashMap<>();
    private int all;
    private long since = System.nanoTime();

    /** Keeps the stack of one that takes for when its wait has become long. */
    static void note(WaitReader.Subject subject, WaitBook.Entry entry, StackTraceElement[] frames) {
        entry.takes = !subject.queue() && IdleRule.takes(frames) ? frames : null;
    }

    /** Tells this one's, if it has not been told; all are told again each minute, and when somebody new reads. */
    void tell(
            Thread thread,
            ThreadProbe.Seen seen,
            WaitReader.Subject subject,
            WaitBook.Entry entry,
            long readerSince,
            FactSink sink,
            long now) {
        if (now - since > Snapshot.TELL_AGAIN || since - readerSince < 0) {
            told.clear();
            all = 0;
            since = now;
        }
        boolean isLong = seen.state() == Thread.State.WAITING && entry.unchanged && now - entry.since() >= LONG;
        boolean room = all < AT_ALL && told.getOrDefault(subject.lockId(), 0) < OF_A_QUEUE;
        if (entry.takes != null && isLong && room && entry.isTakerUntold(since)) {
            told.merge(subject.lockId(), 1, Integer::sum);
            all++;
            entry.tellTaker(now);
            Snapshot.tell(sink, thread, "taker", subject, seen.state(), entry.takes);
        }
    }
}
