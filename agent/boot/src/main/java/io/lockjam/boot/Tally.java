// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Count, sum, maximum and histogram of durations, added to by many threads and drained by one. */
final class Tally {
    /** A nanosecond more for each duration, so that it is 0 only while there is none; the count is that of the buckets. */
    private final AtomicLong sum = new AtomicLong();

    private final AtomicLong max = new AtomicLong();
    private final AtomicIntegerArray counts = new AtomicIntegerArray(Buckets.COUNT);

    void add(long nanos) {
        counts.getAndIncrement(Buckets.of(nanos));
        sum.getAndAdd(nanos + 1);
        long most = max.get();
        while (nanos > most && !max.compareAndSet(most, nanos)) {
            most = max.get();
        }
    }

    /** Whether nothing has been added since the last drain. */
    boolean isEmpty() {
        return sum.get() == 0;
    }

    /** How many have been added since the last drain. */
    long count() {
        long count = 0;
        for (int bucket = 0; bucket < Buckets.COUNT && !isEmpty(); bucket++) {
            count += counts.get(bucket);
        }
        return count;
    }

    /** Moves everything into {@code into}; what is added meanwhile is in this drain or in the next. */
    void drain(Sums into) {
        if (isEmpty()) {
            return;
        }
        long drained = sum.getAndSet(0);
        into.max = Math.max(into.max, max.getAndSet(0));
        long count = 0;
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            if (counts.get(bucket) != 0) {
                int here = counts.getAndSet(bucket, 0);
                into.buckets[bucket] += here;
                count += here;
            }
        }
        into.count += count;
        into.sum += Math.max(0, drained - count); // one that is just being added may be in the buckets alone
    }
}
