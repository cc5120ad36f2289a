// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The probe where java.management is missing: states and park blockers, no monitors, no owners. */
final class PlainThreads implements ThreadProbe {
    private final ThreadAccess access;
    private final Faults faults;

    PlainThreads(ThreadAccess access, Faults faults) {
        this.access = access;
        this.faults = faults;
    }

    @Override
    public @Nullable Seen[] look(long[] ids, Thread[] threads) {
        @Nullable Seen[] seen = new Seen[ids.length];
        for (int i = 0; i < ids.length; i++) {
            try {
                Thread.State state = access.state(threads[i]);
                int blocker = System.identityHashCode(LockSupport.getBlocker(threads[i]));
                seen[i] = new Seen(state, state.name().length() + 32L * blocker, null, 0, -1, false);
            } catch (Throwable unreadable) { // handles declare it
                faults.caught("thread states", unreadable);
            }
        }
        return seen;
    }

    @Override
    public long cpuNanos(long id) {
        return -1;
    }
}
