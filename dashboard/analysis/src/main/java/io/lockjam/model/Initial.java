// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/** How many counts, permits or parties a latch, semaphore or barrier begins with, by the code that makes it. */
public enum Initial {
    /** What is waited for has still to be given: a semaphore without permits is a signal. */
    NONE,
    /** A latch for one event rather than for the parts of some work; a semaphore that is a lock. */
    ONE,
    /** A greater number, or one that is computed. */
    MORE,
    /** The code that makes it was not found. */
    UNKNOWN
}
