// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** Count, sum, maximum and histogram of durations, added to by many threads and drained by one. */
final class Tally {
    private static final int COUNT = 0;
    private static final int SUM = 1;
    private static final int MAX = 2;

    private final AtomicLongArray sums = new AtomicLongArray(3);
    private final AtomicIntegerArray counts = new AtomicIntegerArray(Buckets.COUNT);

    void add(long nanos) {
        counts.getAndIncrement(Buckets.of(nanos));
        sums.getAndAdd(SUM, nanos);
        long max = sums.get(MAX);
        while (nanos > max && !sums.compareAndSet(MAX, max, nanos)) {
            max = sums.get(MAX);
        }
        sums.getAndIncrement(COUNT);
    }

    /** What has been added since the last drain. */
    long count() {
        return sums.get(COUNT);
    }

    /** Moves everything into {@code into}; what is added meanwhile is in this drain or in the next. */
    void drain(Sums into) {
        if (sums.get(COUNT) == 0) {
            return;
        }
        into.count += sums.getAndSet(COUNT, 0);
        into.sum += sums.getAndSet(SUM, 0);
        into.max = Math.max(into.max, sums.getAndSet(MAX, 0));
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            if (counts.get(bucket) != 0) {
                into.buckets[bucket] += counts.getAndSet(bucket, 0);
            }
        }
    }
}
