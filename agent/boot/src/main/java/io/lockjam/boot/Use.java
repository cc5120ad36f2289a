// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** How a probed access is used in its method, as bits of the number that a probe is called with. */
public final class Use {
    /** Sites are told apart by so many numbers; two with the same one share their schedule, nothing else. */
    public static final int SITES = 1 << 12;

    public static final int WRITES = 1 << 12;
    /** The value written comes from a read of the same place with no branch between: {@code count++}. */
    public static final int READ_MODIFY_WRITE = 1 << 13;
    /** The place is read, a branch depends on it, then it is written. */
    public static final int CHECK_THEN_ACT = 1 << 14;
    /** Read inside a loop that does not write it and goes on or ends by it. */
    public static final int LOOP = 1 << 15;
    /** Stores an object that was just made, or that is being made: this, in its constructor. */
    public static final int FRESH = 1 << 16;
    /** Stores a constant. */
    public static final int CONSTANT = 1 << 17;
    /** The branch compares with null, zero or false. */
    public static final int DEFAULT_TEST = 1 << 18;
    /** In a constructor. */
    public static final int CONSTRUCTOR = 1 << 19;
    /** In a method that is synchronized or has entered a synchronized block. */
    public static final int LOCKED = 1 << 20;
    /** A primitive, a string or a boxed number: no state behind a reference. */
    public static final int IMMUTABLE = 1 << 21;
    /** A step of an iterator: changes the iterator and reads what it runs over. */
    public static final int STEPS = 1 << 22;
    /** Read in a loop that goes on until a later compare-and-set succeeds. */
    public static final int VALIDATED = 1 << 23;

    /** A volatile field, or a collection that orders each call: only what is done in two steps is told. */
    public static final int ORDERED = 1 << 24;
    /** Read to lock what it refers to. */
    public static final int TO_LOCK = 1 << 25;
    /** The method writes a value of its own there and reads it again. */
    public static final int OWN_STATE = 1 << 26;
    /** Read after {@code StampedLock.tryOptimisticRead} in a method that never validates the stamp. */
    public static final int UNVALIDATED = 1 << 27;
    /** Read between two reads of another place, and used only if these are equal. */
    public static final int BETWEEN = 1 << 28;

    /** What is written was given by a method of the application that was given what was read: {@code last = find(key, last)}. */
    public static final int HANDED = 1 << 29;
    /** A number that does nothing but choose an element, one after the other and round again. */
    public static final int TURN = 1 << 30;
    /** A number that is only added to, looked at and compared with a limit. */
    public static final int COUNTER = 1 << 31;

    private Use() {}

    public static boolean has(int use, int bit) {
        return (use & bit) != 0;
    }

    static int site(int use) {
        return use & (SITES - 1);
    }
}
