// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

/** This JDK or machine lacks what a demo needs; the message says what. */
public final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unavailable(String missing) {
        super(missing);
    }
}
