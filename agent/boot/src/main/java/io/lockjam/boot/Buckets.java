// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/**
 * Numbers of histogram buckets: durations double from bucket to bucket and each doubling is cut in four.
 *
 * <p>Buckets 0 to 3 are that many nanoseconds; from 4 on, bucket {@code 4 * (e - 1) + q} begins at
 * {@code 2^e + q * 2^(e-2)} nanoseconds for exponent e and quarter q. The dashboard's histograms use the same numbers.
 */
final class Buckets {
    static final int COUNT = 4 * 62;

    private Buckets() {}

    /** The bucket of a duration; negative durations count as 0. */
    static int of(long nanos) {
        if (nanos < 4) {
            return nanos < 0 ? 0 : (int) nanos;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        return 4 * (exponent - 1) + (int) ((nanos >>> (exponent - 2)) & 3);
    }

    /** The shortest duration of a bucket in nanoseconds. */
    static long lowest(int bucket) {
        return bucket < 4 ? bucket : (4L + bucket % 4) << (bucket / 4 - 1);
    }

    /** The counts as {@code bucket:count} pairs separated by blanks. */
    static String text(long[] counts) {
        StringBuilder text = new StringBuilder(64);
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                if (text.length() > 0) {
                    text.append(' ');
                }
                text.append(bucket).append(':').append(counts[bucket]);
            }
        }
        return text.toString();
    }
}
