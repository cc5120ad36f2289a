// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;

/** Waits whose object lives for one wait only: summed by class, since one entry each would flood the table. */
final class Futures {
    static final int PARK = 0;
    static final int COUNT = 4;

    private static final int TASK = 1;
    private static final int COMPLETABLE = 2;
    private static final int FORK_JOIN = 3;

    private Futures() {}

    /** Where to count a wait on this blocker; -1 if it is not a future. */
    static int of(Object blocker) {
        if (blocker instanceof FutureTask) {
            return TASK;
        }
        if (blocker.getClass() == Types.SIGNALLER) {
            return COMPLETABLE;
        }
        return blocker instanceof ForkJoinTask ? FORK_JOIN : -1;
    }

    static LockStat stat(int index) {
        return switch (index) {
            case TASK -> LockStat.shared(Kind.FUTURE, FutureTask.class);
            case COMPLETABLE -> LockStat.shared(Kind.FUTURE, CompletableFuture.class);
            case FORK_JOIN -> LockStat.shared(Kind.FUTURE, ForkJoinTask.class);
            default -> LockStat.shared(Kind.PARK, null);
        };
    }
}
