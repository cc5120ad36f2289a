// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

/**
 * Time of one second that threads spent in waits, sleeps and I/O with a known begin and end, by thread and part.
 *
 * <p>All of them are in here, whereas of the single ones a second keeps only the longest.
 */
@SuppressWarnings("EnumOrdinal") // rows live no longer than the program
final class Spent {
    private static final int PARTS = Account.Part.values().length;

    private final LongInts micros = new LongInts();

    void add(long thread, Account.Part part, long nanos) {
        micros.add(key(thread, part), nanos / 1_000);
    }

    long nanos(long thread, Account.Part part) {
        return 1_000L * micros.get(key(thread, part));
    }

    private static long key(long thread, Account.Part part) {
        return thread * PARTS + part.ordinal();
    }
}
