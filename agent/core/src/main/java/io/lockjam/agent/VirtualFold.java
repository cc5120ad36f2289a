// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import org.jspecify.annotations.Nullable;

/** All virtual threads that a scan found waiting for one thing. */
final class VirtualFold {
    final Thread first;
    final WaitReader.Subject subject;
    /** When a scan first found threads waiting for it. */
    final long since;
    /** What is waited for, if it is a monitor; dropped when the scan ends. */
    @Nullable
    Object monitor;

    /** Whether the threads are in Object.wait, or in Thread.join, which is built on it. */
    boolean inWait;

    Verdict verdict;

    /** When a stack of one that is held up was told, as System.nanoTime; 0 if none was. */
    long heldTold;

    /** When a stack of one that takes from a queue was told, as System.nanoTime; 0 if none was. */
    long takerTold;

    @Nullable
    Thread owner;

    int threads;

    /** Those of them that are in Object.wait with a time limit. */
    int timed;

    VirtualFold(
            Thread first,
            WaitReader.Subject subject,
            @Nullable Object monitor,
            @Nullable VirtualFold before,
            long now) {
        this.first = first;
        this.subject = subject;
        this.monitor = monitor;
        since = before == null ? now : before.since;
        verdict = before == null ? Verdict.UNKNOWN : before.verdict;
        heldTold = before == null ? 0 : before.heldTold;
        takerTold = before == null ? 0 : before.takerTold;
    }

    /** Its threads in this state. */
    long in(Thread.State state) {
        return switch (state) {
            case BLOCKED -> inWait ? 0 : threads;
            case WAITING -> inWait ? threads - timed : 0;
            case TIMED_WAITING -> inWait ? timed : 0;
            case NEW, RUNNABLE, TERMINATED -> 0;
        };
    }

    boolean idle() {
        return subject.isForWork(verdict);
    }

    Edge edge(Thread waiter, @Nullable Thread heldBy, int weight) {
        return new Edge(
                waiter,
                since,
                subject.kind(),
                subject.lockClass(),
                subject.lockId(),
                heldBy == waiter ? null : heldBy,
                since,
                idle(),
                weight,
                Missing.UNKNOWN);
    }
}
