// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Constant texts. */
final class Texts {
    /** 114 blanks: what makes 130 characters of 16. */
    static final String BLANKS = " ".repeat(114);

    private Texts() {}
}
