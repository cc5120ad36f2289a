// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the facts of a chunk in the order of their times, as far as a bounded memory goes.
 *
 * <p>What is sorted are numbers, each a distance in time and, in its low bits, the place of its fact: a recording of a gigabyte
 * has 50 million facts, and comparing instants took a third of the reading.
 */
final class FactSorter {
    /** About 40 MB of facts, since threads and stacks are shared. */
    private static final int MOST = 200_000;

    private static final int PLACE_BITS = 18;

    /** Ten hours of nanoseconds, far more than what of a chunk is here at a time. */
    private static final long WIDEST = 1L << (63 - PLACE_BITS);

    private final FactWriter writer;
    private final Function<Fact, @Nullable Fact> settled;
    private final @Nullable Fact[] facts = new Fact[MOST];
    private int size;

    /** @param settled applied to each fact before it is written; null leaves it out */
    FactSorter(FactWriter writer, Function<Fact, @Nullable Fact> settled) {
        this.writer = writer;
        this.settled = settled;
    }

    void accept(Fact fact) throws IOException {
        facts[size++] = fact;
        if (size == MOST) {
            write(MOST / 2);
        }
    }

    void flush() throws IOException {
        write(size);
    }

    private void write(int count) throws IOException {
        Fact[] sorted = sorted();
        for (int i = 0; i < count; i++) {
            Fact known = settled.apply(sorted[i]);
            if (known != null) {
                writer.write(known);
            }
        }
        int left = size - count;
        System.arraycopy(sorted, count, facts, 0, left);
        Arrays.fill(facts, left, size, null);
        size = left;
    }

    private Fact[] sorted() {
        Fact[] all = Arrays.copyOf(facts, size, Fact[].class);
        long[] times = new long[size];
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            times[i] = Times.nanos(all[i].at());
            first = Math.min(first, times[i]);
            last = Math.max(last, times[i]);
        }
        if (last - first >= WIDEST) { // a damaged recording
            Arrays.sort(all, Comparator.comparing(Fact::at));
            return all;
        }
        for (int i = 0; i < size; i++) {
            times[i] = (times[i] - first) << PLACE_BITS | i;
        }
        Arrays.sort(times);
        Fact[] sorted = new Fact[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = all[(int) times[i] & ((1 << PLACE_BITS) - 1)];
        }
        return sorted;
    }
}
