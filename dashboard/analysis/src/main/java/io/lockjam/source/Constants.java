// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The constants of one type in a chunk, by number: where each lies, and what was made of it. Grows; nothing is ever removed. */
final class Constants {
    private static final int ABSENT = -1;

    final Layout layout;
    private long[] keys = new long[16];
    private int[] places = absent(16);
    private @Nullable Object[] made = new Object[16];
    private int size;

    Constants(Layout layout) {
        this.layout = layout;
    }

    void put(long key, int place) {
        if (2 * size >= keys.length) {
            grow();
        }
        int slot = slot(key);
        size += places[slot] == ABSENT ? 1 : 0;
        keys[slot] = key;
        places[slot] = place;
    }

    /** To ask the others with; the slot of a number that is not there has no place. */
    int slot(long key) {
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 33) & (keys.length - 1);
        while (places[slot] != ABSENT && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    boolean isAbsent(int slot) {
        return places[slot] == ABSENT;
    }

    int place(int slot) {
        return places[slot];
    }

    @Nullable
    Object made(int slot) {
        return made[slot];
    }

    void made(int slot, Object value) {
        made[slot] = value;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldPlaces = places;
        @Nullable Object[] oldMade = made;
        keys = new long[2 * oldKeys.length];
        places = absent(keys.length);
        made = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldPlaces[i] != ABSENT) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                places[slot] = oldPlaces[i];
                made[slot] = oldMade[i];
            }
        }
    }

    private static int[] absent(int length) {
        int[] all = new int[length];
        Arrays.fill(all, ABSENT);
        return all;
    }
}
