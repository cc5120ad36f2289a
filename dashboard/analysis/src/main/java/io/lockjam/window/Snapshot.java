// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The waiting threads of one snapshot, in columns: 44 bytes a row, where a fact takes 150. */
final class Snapshot {
    final long number;
    final Instant at;
    int rows;
    ThreadRef[] waiters = new ThreadRef[4];
    LockTable.Entry[] locks = new LockTable.Entry[4];

    @Nullable
    ThreadRef[] owners = new ThreadRef[4];

    long[] waitIds = new long[4];
    long[] soFarNanos = new long[4];
    int[] weights = new int[4];
    boolean[] idle = new boolean[4];
    int[] missing = new int[4];

    Snapshot(long number, Instant at) {
        this.number = number;
        this.at = at;
    }

    void add(Fact.WaitingNow fact, ThreadRef waiter, @Nullable ThreadRef owner, LockTable.Entry lock) {
        if (rows == waiters.length) {
            grow(rows * 2);
        }
        waiters[rows] = waiter;
        locks[rows] = lock;
        owners[rows] = owner;
        waitIds[rows] = fact.waitId();
        soFarNanos[rows] = fact.soFar().toNanos();
        weights[rows] = fact.weight();
        idle[rows] = fact.idle();
        missing[rows] = fact.missing();
        rows++;
    }

    WaitKind kind(int row) {
        return locks[row].kind;
    }

    private void grow(int size) {
        waiters = Arrays.copyOf(waiters, size);
        locks = Arrays.copyOf(locks, size);
        owners = Arrays.copyOf(owners, size);
        waitIds = Arrays.copyOf(waitIds, size);
        soFarNanos = Arrays.copyOf(soFarNanos, size);
        weights = Arrays.copyOf(weights, size);
        idle = Arrays.copyOf(idle, size);
        missing = Arrays.copyOf(missing, size);
    }
}
