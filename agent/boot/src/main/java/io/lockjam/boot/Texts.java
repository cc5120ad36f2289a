// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Texts that keep others out of JFR's pool; see {@link Hooks#unpooled}. */
final class Texts {
    /** 114 blanks: what makes 130 characters of 16. */
    static final String BLANKS = " ".repeat(114);

    /** Characters of a {@link #mark}: the pool remembers four texts, so a few hundred different ends are plenty. */
    static final int MARK = 8;

    static final boolean LONG_POOLED = Runtime.version().feature() >= 24;

    /** A race only makes a mark come twice. */
    private static int marks;

    private Texts() {}

    /** White space that differs from the last times. */
    static String mark() {
        int number = marks++;
        char[] mark = new char[MARK];
        for (int bit = 0; bit < MARK; bit++) {
            mark[bit] = (number >>> bit & 1) == 0 ? ' ' : '\t';
        }
        return String.valueOf(mark);
    }
}
