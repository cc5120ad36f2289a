// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Histogram;
import java.util.Arrays;

/**
 * A histogram of one second: only the buckets in use, because a dense one takes 2 KB and a session keeps hundreds of thousands.
 *
 * <p>Each entry is {@code bucket << 48 | count}, in no order.
 */
final class SparseCounts {
    private static final int COUNT_BITS = 48;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private long[] entries = new long[0];

    void add(long nanos, long count) {
        addBucket(Histogram.bucketOf(nanos), count);
    }

    void add(Histogram histogram) {
        if (histogram.count() == 0) {
            return;
        }
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            if (histogram.count(bucket) > 0) {
                addBucket(bucket, histogram.count(bucket));
            }
        }
    }

    void add(SparseCounts others) {
        for (long entry : others.entries) {
            addBucket((int) (entry >>> COUNT_BITS), entry & COUNT_MASK);
        }
    }

    /**
     * Adds these counts to dense ones.
     *
     * @param counts one for each bucket of {@link Histogram}
     */
    void addTo(long[] counts) {
        for (long entry : entries) {
            counts[(int) (entry >>> COUNT_BITS)] += entry & COUNT_MASK;
        }
    }

    private void addBucket(int bucket, long count) {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] >>> COUNT_BITS == bucket) {
                entries[i] += count;
                return;
            }
        }
        entries = Arrays.copyOf(entries, entries.length + 1);
        entries[entries.length - 1] = (long) bucket << COUNT_BITS | (count & COUNT_MASK);
    }
}
