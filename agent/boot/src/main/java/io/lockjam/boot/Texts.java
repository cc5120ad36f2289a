// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Texts that keep others out of JFR's pool; see {@link Hooks#unpooled}. */
final class Texts {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 128;

    /** Of short texts the pool remembers four, so a few hundred different ends are plenty. */
    private static final int SHORT_MARK = 8;

    /** Of long ones it remembers all of a chunk. */
    private static final int LONG_MARK = 24;

    /** A race only makes a mark come twice. */
    private static int marks;

    private Texts() {}

    /** With white space at its end that differs from the last times. */
    static String unique(String text) {
        int length = text.length();
        if (length < SHORTEST) {
            return text;
        }
        return text.concat(mark(length > LONGEST - SHORT_MARK ? LONG_MARK : SHORT_MARK));
    }

    private static String mark(int length) {
        int number = marks++;
        char[] mark = new char[length];
        for (int bit = 0; bit < length; bit++) {
            mark[bit] = (number >>> bit & 1) == 0 ? ' ' : '\t';
        }
        return String.valueOf(mark);
    }
}
