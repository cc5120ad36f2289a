// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Sums of one interval, as drained from a {@link Tally}; used by the agent's thread alone. */
final class Sums {
    long count;
    long sum;
    long max;
    final long[] buckets = new long[Buckets.COUNT];

    void add(Sums other) {
        count += other.count;
        sum += other.sum;
        max = Math.max(max, other.max);
        for (int bucket = 0; bucket < buckets.length; bucket++) {
            buckets[bucket] += other.buckets[bucket];
        }
    }

    String histogram() {
        return count == 0 ? "" : Buckets.text(buckets);
    }
}
