// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Histogram;
import org.junit.jupiter.api.Test;

class BucketsTest {
    @Test
    void numbersBucketsAsTheDashboardDoes() {
        assertThat(Buckets.COUNT).isEqualTo(Histogram.BUCKETS);
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            long lowest = Buckets.lowest(bucket);
            assertThat(lowest).isEqualTo(Histogram.lowest(bucket));
            for (long nanos = lowest - 1; nanos <= lowest + 1; nanos++) {
                assertThat(Buckets.of(nanos)).as("bucket of %d", nanos).isEqualTo(Histogram.bucketOf(nanos));
            }
        }
        assertThat(Buckets.of(Long.MAX_VALUE)).isEqualTo(Histogram.bucketOf(Long.MAX_VALUE));
        assertThat(Buckets.of(-1)).isZero();
    }

    @Test
    void writesWhatTheDashboardReads() {
        long[] counts = new long[Buckets.COUNT];
        counts[Buckets.of(1_000)] = 3;
        counts[Buckets.of(5_000_000)] = 1;

        Histogram read = Histogram.parse(Buckets.text(counts));

        assertThat(read.count()).isEqualTo(4);
        assertThat(read.text()).isEqualTo(Buckets.text(counts));
    }
}
