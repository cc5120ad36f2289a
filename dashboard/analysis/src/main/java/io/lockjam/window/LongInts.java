// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Arrays;

/** Numbers by number, in 12 bytes each: a session keeps a table of each for every second. */
final class LongInts {
    private long[] keys = new long[0];
    private int[] values = new int[0];
    private int size;

    /** Adds to the value of a key; what does not fit into an int is held at its limits. */
    void add(long key, long value) {
        int at = place(key);
        values[at] = held(values[at] + value);
    }

    void put(long key, long value) {
        int at = place(key); // which may make new arrays
        values[at] = held(value);
    }

    /** Zero for a key to which nothing was added. */
    int get(long key) {
        int at = find(key);
        return at < 0 ? 0 : values[at];
    }

    private static int held(long value) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    /** Where a key is, or comes. */
    private int place(long key) {
        int at = find(key);
        if (at >= 0) {
            return at;
        }
        makeRoom(-at - 1);
        keys[-at - 1] = key;
        return -at - 1;
    }

    private int find(long key) {
        return Arrays.binarySearch(keys, 0, size, key);
    }

    private void makeRoom(int at) {
        if (size == keys.length) {
            int longer = size + size / 8 + 4;
            keys = Arrays.copyOf(keys, longer);
            values = Arrays.copyOf(values, longer);
        }
        System.arraycopy(keys, at, keys, at + 1, size - at);
        System.arraycopy(values, at, values, at + 1, size - at);
        values[at] = 0;
        size++;
    }
}
