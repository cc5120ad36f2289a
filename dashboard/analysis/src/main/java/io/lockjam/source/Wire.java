// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

/**
 * Numbers of the binary form, shared by {@link FactWriter} and {@link FactReader}.
 *
 * <p>A stream is the bytes {@code L J F}, one version byte and then messages. A message is a tag byte and the fields of
 * its record in order. Numbers are LEB128 varints, signed ones in zigzag; a double is its 8 bytes; a boolean one byte. An
 * instant is the signed distance in nanoseconds to the instant before it in the stream (the first one: to the epoch). A
 * list is its length and its elements. Strings, threads, frames and stacks are references: {@link #NULL}, {@link #KEPT}
 * or {@link #INLINE} followed by the value, or {@link #FIRST_NUMBER} plus the number of a kept value in its table. A kept
 * value takes its number when its last byte has been written.
 */
final class Wire {
    static final byte[] MAGIC = {'L', 'J', 'F'};
    static final int VERSION = 1;

    static final int NULL = 0;
    static final int KEPT = 1;
    static final int INLINE = 2;
    static final int FIRST_NUMBER = 3;

    /** Both sides forget their tables; the writer sends it between facts when a table is full. */
    static final int RESET = 0;

    static final int WAIT_ENDED = 1;
    static final int LOCK_TOTALS = 2;
    static final int QUEUE_TOTALS = 3;
    static final int WAITING_NOW = 4;
    static final int STACK_SEEN = 5;
    static final int THREAD_STATES = 6;
    static final int ACTIVITY = 7;
    static final int PAUSE = 8;
    static final int THREAD_STARTED = 9;
    static final int THREAD_ENDED = 10;
    static final int POOL_TOTALS = 11;
    static final int TASK_SUBMITTED = 12;
    static final int NAMED = 13;
    static final int RACE_SEEN = 14;
    static final int LOCK_ORDER_SEEN = 15;
    static final int OS_USAGE = 16;
    static final int THREAD_CPU = 17;
    static final int CPU_LOAD = 18;
    static final int SWITCH_RATE = 19;
    static final int AGENT_STATUS = 20;
    static final int GAP = 21;
    static final int LOOP_TURN = 22;
    static final int CHILD_STANDS = 23;
    static final int VIRTUAL_SEEN = 24;
    static final int JVM_SEEN = 25;

    static final int PROGRESS = 100;
    static final int END = 101;
    static final int UNREADABLE = 102;

    /** Entries of a table at which the writer resets: a few ten megabytes at the reader at most. */
    static final int TABLE_SIZE = 1 << 15;

    /** A reader's limit: one fact may go beyond {@link #TABLE_SIZE} by two stacks of the largest depth. */
    static final int LARGEST_TABLE = 2 * TABLE_SIZE;

    /** Bytes of strings and stacks in the tables at which the writer resets; a reader allows twice as many. */
    static final long TABLE_WEIGHT = 32L << 20;

    /** Bytes of a string; a writer cuts longer ones. Holds the wait histogram of one lock and the longest class names. */
    static final int LONGEST_TEXT = 1 << 14;

    /** The largest stack depth that JFR can be set to. */
    static final int DEEPEST_STACK = 2048;

    /** Rows of a list of threads, locks or names in one fact. */
    static final int LONGEST_LIST = 1 << 17;

    private Wire() {}
}
