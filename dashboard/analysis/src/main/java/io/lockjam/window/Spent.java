// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Arrays;

/**
 * Time of one second that threads spent in waits, sleeps and I/O with a known begin and end, by thread and part.
 *
 * <p>All of them are in here, whereas of the single ones a second keeps only the longest. A table without objects: there is one for each
 * second and a row for each thread that waited in it, with a column for each kind of wait: the parts from LOCK to IDLE.
 */
@SuppressWarnings("EnumOrdinal") // rows live no longer than the program
final class Spent {
    private static final int FIRST = Account.Part.LOCK.ordinal();
    private static final int COLUMNS = Account.Part.IDLE.ordinal() - FIRST + 1;
    private static final long FREE = Long.MIN_VALUE;

    private long[] threads = free(8);
    private int[] micros = new int[8 * COLUMNS];
    private int rows;

    void add(long thread, Account.Part part, long nanos) {
        if (2 * (rows + 1) > threads.length) {
            grow();
        }
        int slot = slot(thread);
        if (threads[slot] == FREE) {
            threads[slot] = thread;
            rows++;
        }
        micros[slot * COLUMNS + part.ordinal() - FIRST] += (int) (nanos / 1_000);
    }

    long nanos(long thread, Account.Part part) {
        int slot = slot(thread);
        return threads[slot] == FREE ? 0 : 1_000L * micros[slot * COLUMNS + part.ordinal() - FIRST];
    }

    private int slot(long thread) {
        int slot = (int) ((thread * 0x9E3779B97F4A7C15L) >>> 33) & (threads.length - 1);
        while (threads[slot] != FREE && threads[slot] != thread) {
            slot = (slot + 1) & (threads.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] before = threads;
        int[] old = micros;
        threads = free(2 * before.length);
        micros = new int[threads.length * COLUMNS];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != FREE) {
                int slot = slot(before[i]);
                threads[slot] = before[i];
                System.arraycopy(old, i * COLUMNS, micros, slot * COLUMNS, COLUMNS);
            }
        }
    }

    private static long[] free(int length) {
        long[] all = new long[length];
        Arrays.fill(all, FREE);
        return all;
    }
}
