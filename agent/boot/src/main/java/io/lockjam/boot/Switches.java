// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What hooks read first: whether they are on, whose waits they leave out, and how often they failed. */
final class Switches {
    /** So many faults switch the hooks off for good: something here does not fit this JVM. */
    private static final int MOST_FAULTS = 100;

    private static final int OWN_THREADS = 16;

    static volatile boolean enabled;
    /** Whether single events may be committed: jdk.jfr is there. */
    static volatile boolean events;

    /** Estimated nanoseconds that hooks took on application threads. */
    static final AtomicLong HOOK_NANOS = new AtomicLong();

    static final AtomicLong SAMPLED = new AtomicLong();

    /** Calls of hooks by our own threads, which count for nothing else: from these it is known which hooks are in. */
    static final AtomicLong OWN_PARKS = new AtomicLong();

    static final AtomicLong OWN_ACQUIRES = new AtomicLong();
    static final AtomicLong OWN_TRANSFERS = new AtomicLong();

    /** Set by handlers that may stand at the end of their stack and so can call nothing; counted a moment later. */
    static volatile boolean faulted;

    private static final AtomicLong FAULTS = new AtomicLong();
    private static final AtomicReferenceArray<@Nullable Thread> OWN = new AtomicReferenceArray<>(OWN_THREADS);
    private static volatile int ownThreads;

    private Switches() {}

    static boolean isOwn(Thread thread) {
        for (int i = ownThreads - 1; i >= 0; i--) {
            if (OWN.get(i) == thread) {
                return true;
            }
        }
        return false;
    }

    /** Whether the hook is to leave this thread out; a call by one of our own is counted in {@code calls}. */
    static boolean leavesOut(Thread current, AtomicLong calls) {
        if (isOwn(current)) {
            calls.getAndIncrement();
            return true;
        }
        return Reentry.inside(current);
    }

    static synchronized void addOwn(Thread thread) {
        for (int i = 0; i < OWN_THREADS; i++) {
            Thread there = OWN.get(i);
            if (there == null || !there.isAlive() || there == thread) {
                OWN.set(i, thread);
                ownThreads = Math.max(ownThreads, i + 1);
                return;
            }
        }
    }

    /** Lets {@link #isOwn} find nobody until the result is given back to {@link #exempt}. */
    static synchronized int exemptNobody() {
        int before = ownThreads;
        ownThreads = 0;
        return before;
    }

    static synchronized void exempt(int threads) {
        ownThreads = threads;
    }

    static synchronized void clearOwn() {
        ownThreads = 0;
        for (int i = 0; i < OWN_THREADS; i++) {
            OWN.set(i, null);
        }
    }

    /** Swallows what a hook threw; the hundredth fault switches all hooks off. */
    static void fault() {
        if (FAULTS.incrementAndGet() >= MOST_FAULTS) {
            enabled = false;
        }
    }

    /** Counts a fault that was only noted where it came up; of the agent's thread. */
    static void countFault() {
        if (faulted) {
            faulted = false;
            fault();
        }
    }

    static long faults() {
        return FAULTS.get();
    }

    static boolean broken() {
        return FAULTS.get() >= MOST_FAULTS;
    }

    static void clearFaults() {
        FAULTS.set(0);
    }
}
