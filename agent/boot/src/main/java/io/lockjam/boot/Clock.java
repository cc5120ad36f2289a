// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Arrays;

/**
 * A vector clock (Mattern, 1989) that is sparse: for each thread it has heard of, up to which epoch that thread's accesses
 * are ordered before its owner. Not thread-safe.
 *
 * <p>Retired threads are left out: all they did counts as ordered.
 */
final class Clock {
    private static final Strand[] NONE = new Strand[0];
    private static final long[] NEVER = new long[0];

    /** Sorted by number. */
    private Strand[] strands = NONE;

    private long[] epochs = NEVER;
    private int size;

    /** 0 if it has heard nothing of the thread. */
    long of(Strand strand) {
        int at = find(strand.number);
        return at < 0 ? 0 : epochs[at];
    }

    void raise(Strand strand, long epoch) {
        int at = find(strand.number);
        if (at >= 0) {
            epochs[at] = Math.max(epochs[at], epoch);
            return;
        }
        int gap = -at - 1;
        if (size == strands.length) {
            int room = size + 4 + (size >> 1);
            strands = Arrays.copyOf(strands, room);
            epochs = Arrays.copyOf(epochs, room);
        }
        System.arraycopy(strands, gap, strands, gap + 1, size - gap);
        System.arraycopy(epochs, gap, epochs, gap + 1, size - gap);
        strands[gap] = strand;
        epochs[gap] = epoch;
        size++;
    }

    void clear() {
        strands = NONE;
        epochs = NEVER;
        size = 0;
    }

    /** Takes over all that the other one has heard. */
    void join(Clock other) {
        if (!covers(other)) {
            merge(other);
        }
    }

    private boolean covers(Clock other) {
        int mine = 0;
        for (int i = 0; i < other.size; i++) {
            Strand strand = other.strands[i];
            if (strand.retired) {
                continue;
            }
            while (mine < size && strands[mine].number < strand.number) {
                mine++;
            }
            if (mine == size || strands[mine] != strand || epochs[mine] < other.epochs[i]) {
                return false;
            }
        }
        return true;
    }

    private void merge(Clock other) {
        Strand[] bothStrands = new Strand[size + other.size];
        long[] bothEpochs = new long[size + other.size];
        int count = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < size || theirs < other.size) {
            long here = mine < size ? strands[mine].number : Long.MAX_VALUE;
            long there = theirs < other.size ? other.strands[theirs].number : Long.MAX_VALUE;
            Strand next = here <= there ? strands[mine] : other.strands[theirs];
            long epoch = here <= there ? epochs[mine++] : 0;
            if (there <= here) {
                epoch = Math.max(epoch, other.epochs[theirs++]);
            }
            if (!next.retired) {
                bothStrands[count] = next;
                bothEpochs[count++] = epoch;
            }
        }
        strands = bothStrands;
        epochs = bothEpochs;
        size = count;
    }

    /** As {@link Arrays#binarySearch}. */
    private int find(long number) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = strands[middle].number;
            if (there == number) {
                return middle;
            }
            if (there < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
