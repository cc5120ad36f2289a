// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.Arrays;

/**
 * Counts of durations in buckets that double, each cut in four: a quantile is at most 19 % off.
 *
 * <p>The bucket numbers are those of {@code io.lockjam.boot.Buckets}: 0 to 3 are that many nanoseconds; from 4 on, bucket
 * {@code 4 * (e - 1) + q} holds durations from {@code 2^e + q * 2^(e-2)} nanoseconds for exponent e ≥ 2, quarter q.
 */
public final class Histogram {
    public static final int BUCKETS = 4 * 62;
    public static final Histogram EMPTY = new Histogram(new long[0]);

    private final long[] counts;

    /** Keeps the counts up to the last one that is not 0: totals come by the million, and most waits are short. */
    private Histogram(long[] counts) {
        int length = counts.length;
        while (length > 0 && counts[length - 1] == 0) {
            length--;
        }
        this.counts = length == counts.length ? counts : Arrays.copyOf(counts, length);
    }

    /** The bucket of a duration; negative durations count as 0. */
    public static int bucketOf(long nanos) {
        if (nanos < 4) {
            return (int) Math.max(0, nanos);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        return 4 * (exponent - 1) + (int) ((nanos >>> (exponent - 2)) & 3);
    }

    /** The shortest duration of a bucket, in nanoseconds. */
    public static long lowest(int bucket) {
        if (bucket < 4) {
            return bucket;
        }
        int exponent = bucket / 4 + 1;
        return (4L + bucket % 4) << (exponent - 2);
    }

    public static Histogram of(long... nanos) {
        long[] counts = new long[BUCKETS];
        for (long each : nanos) {
            counts[bucketOf(each)]++;
        }
        return new Histogram(counts);
    }

    /**
     * A histogram of these counts.
     *
     * @param counts one for each bucket; copied
     */
    public static Histogram ofCounts(long[] counts) {
        if (counts.length != BUCKETS) {
            throw new IllegalArgumentException("counts: expected " + BUCKETS + " buckets, got " + counts.length);
        }
        return new Histogram(counts.clone());
    }

    /** Durations in one bucket. */
    public long count(int bucket) {
        return bucket < counts.length ? counts[bucket] : 0;
    }

    /** Parses {@code bucket:count} pairs separated by blanks; what is not such a pair is left out. */
    public static Histogram parse(String text) {
        if (text.isBlank()) {
            return EMPTY;
        }
        long[] counts = new long[BUCKETS];
        for (String pair : text.trim().split(" ")) { // one character: no regular expression is compiled
            int colon = pair.indexOf(':');
            try {
                int bucket = Integer.parseInt(pair.substring(0, Math.max(0, colon)));
                if (bucket >= 0 && bucket < BUCKETS) {
                    counts[bucket] += Math.max(0, Long.parseLong(pair.substring(colon + 1)));
                }
            } catch (NumberFormatException damaged) {
                // a damaged recording; the totals beside the histogram still hold
            }
        }
        return new Histogram(counts);
    }

    public Histogram plus(Histogram other) {
        if (counts.length == 0) {
            return other;
        }
        if (other.counts.length == 0) {
            return this;
        }
        long[] sum = Arrays.copyOf(counts, Math.max(counts.length, other.counts.length));
        for (int i = 0; i < other.counts.length; i++) {
            sum[i] += other.counts[i];
        }
        return new Histogram(sum);
    }

    public long count() {
        long count = 0;
        for (long each : counts) {
            count += each;
        }
        return count;
    }

    /** Nanoseconds that the share {@code quantile} (0 to 1) of the durations does not exceed, at bucket precision; 0 if empty. */
    public long quantile(double quantile) {
        long wanted = (long) Math.ceil(quantile * count());
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return (lowest(i) + lowest(Math.min(BUCKETS - 1, i + 1))) / 2;
            }
        }
        return 0;
    }

    /** The text form that {@link #parse} reads. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                text.append(text.isEmpty() ? "" : " ").append(i).append(':').append(counts[i]);
            }
        }
        return text.toString();
    }
}
