// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Virtual threads that wait without leaving their carrier, told while they do: JFR tells a pin when it ends, and some never end. */
final class PinnedThreads {
    /** There are about as many carriers as cores. */
    private static final int MOST = 64;

    private static final long LONG = 2_000_000_000L;
    private static final double RESERVE = 0.2;

    private final VirtualAccess virtual;
    private final ThreadAccess access;
    private final StackBudget budget;
    private final WaitReader reader;
    private final List<Pin> pins = new ArrayList<>();

    /** @param since when it was first seen so; looked at several times a second since then */
    private record Pin(Thread thread, long since) {}

    PinnedThreads(VirtualAccess virtual, ThreadAccess access, StackBudget budget, WaitReader reader) {
        this.virtual = virtual;
        this.access = access;
        this.budget = budget;
        this.reader = reader;
    }

    /** Takes note of a thread that waits, if it has a carrier all the same. */
    void see(Thread waits, long now) throws Throwable {
        if (virtual.hasCarrier(waits)
                && pins.size() < MOST
                && pins.stream().noneMatch(pin -> pin.thread == waits)
                && isPinned(waits)) {
            pins.add(new Pin(waits, now));
        }
    }

    /** Forgets those that have gone on. */
    void look() throws Throwable {
        for (int i = pins.size() - 1; i >= 0; i--) {
            if (!isPinned(pins.get(i).thread)) {
                pins.remove(i);
            }
        }
    }

    /** Tells those that have been pinned for long. */
    void tell(FactSink sink, long now) throws Throwable {
        look();
        for (Pin pin : pins) {
            if (now - pin.since < LONG || !budget.take(now, RESERVE)) {
                continue;
            }
            StackTraceElement[] frames = access.stack(pin.thread);
            Object blocker = LockSupport.getBlocker(pin.thread);
            WaitReader.Subject subject = blocker == null ? WaitReader.Subject.NONE : reader.subject(blocker, false);
            Thread.State state = access.state(pin.thread);
            if (isPinned(pin.thread)) {
                Snapshot.tell(sink, pin.thread, "pinned", subject, state, frames);
            }
        }
    }

    /** A thread that goes to wait leaves its carrier before it counts as waiting. */
    private boolean isPinned(Thread thread) throws Throwable {
        return waits(thread) && virtual.hasCarrier(thread) && waits(thread);
    }

    private boolean waits(Thread thread) throws Throwable {
        return switch (access.state(thread)) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }
}
