// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is remembered of each platform thread between snapshots: one small record a live thread, dropped when it ends. */
final class WaitBook {
    /** A thread's present wait, or run. */
    static final class Entry {
        private long moves = -1;
        private long since;
        private long lastSnapshot;
        private long verdictLock = -1;
        private long judgedAt;
        private long takerAt;
        private boolean takerTold;

        Thread.State state = Thread.State.NEW;
        Verdict verdict = Verdict.UNKNOWN;
        /** Whether the wait is shared mode of a read-write lock; null until asked. */
        @Nullable
        Boolean shared;

        /** Its stack, if it waits to take from a queue, in other code than that of a pool. */
        StackTraceElement @Nullable [] takes;

        /** Whether it waits at a hand-off for somebody who takes, by its stack. */
        boolean putter;

        /** CPU time when last read in this run; -1 if not read. */
        long cpu = -1;

        /** Successive snapshots in which it was RUNNABLE and used no CPU. */
        int still;

        /** Number of the snapshot from which on its stack may be taken again while it runs. */
        long lookAgain;

        /** Whether its name has left the JVM. */
        boolean named;

        /** Whether it has not moved since the last snapshot. */
        boolean unchanged;

        /** When this wait was first seen, as System.nanoTime. */
        long since() {
            return since;
        }

        long moves() {
            return moves;
        }

        /** Whether the last verdict is older than this moment of System.nanoTime. */
        boolean judgedBefore(long moment) {
            return judgedAt - moment < 0;
        }

        /** Whether its stack has not been told since a moment of System.nanoTime as that of one that waits to take from a queue. */
        boolean isTakerUntold(long since) {
            return !takerTold || takerAt - since < 0;
        }

        void tellTaker(long now) {
            takerTold = true;
            takerAt = now;
        }

        /** Of a thread that has been RUNNABLE since the last snapshot; -1 if its CPU time cannot be told. */
        void readClock(long nanos) {
            still = nanos >= 0 && nanos == cpu ? still + 1 : 0;
            cpu = nanos;
        }

        /** Who sleeps waits for nothing: if it was seen to wait for something, its stack is of another moment and says nothing of that wait. */
        void verdict(Verdict found, long lockId, long now) {
            verdict = found == Verdict.SLEEP && lockId != 0 ? Verdict.UNKNOWN : found;
            verdictLock = lockId;
            judgedAt = now;
        }
    }

    private final Map<Long, Entry> entries = new HashMap<>();

    /**
     * The entry of a thread, brought up to date. A wait for what the thread waited for last time keeps its verdict: a
     * worker is back at its queue, a poller asleep again.
     */
    Entry see(long id, ThreadProbe.Seen seen, long lockId, long snapshot, long now) {
        Entry entry = entries.computeIfAbsent(id, unknown -> new Entry());
        entry.unchanged = entry.moves == seen.moves() && entry.state == seen.state();
        if (!entry.unchanged) {
            entry.since = now;
            entry.takerTold = false;
            entry.takes = null;
            entry.putter = false;
            entry.shared = null;
            entry.cpu = -1;
            entry.still = 0;
            if (lockId != entry.verdictLock || entry.state != seen.state()) {
                entry.verdict = Verdict.UNKNOWN;
            }
        }
        entry.moves = seen.moves();
        entry.state = seen.state();
        entry.lastSnapshot = snapshot;
        return entry;
    }

    /** Forgets the threads that the snapshot did not see. */
    void prune(long snapshot) {
        entries.values().removeIf(entry -> entry.lastSnapshot != snapshot);
    }

    int size() {
        return entries.size();
    }
}
