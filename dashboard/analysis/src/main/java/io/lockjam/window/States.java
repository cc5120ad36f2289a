// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

/**
 * Threads by state at one second, for the stacked chart.
 *
 * @param lock held up by a java.util.concurrent lock or a signal
 * @param virtualThreads -1 if not known
 */
public record States(
        long second,
        int running,
        int ready,
        int io,
        int idle,
        int asleep,
        int lock,
        int monitor,
        int deadlocked,
        long virtualThreads) {}
