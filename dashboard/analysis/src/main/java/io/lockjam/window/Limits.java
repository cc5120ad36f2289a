// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

/**
 * How much a session keeps. Oldest seconds go first, then the shortest waits of a second, those of each lock from its own share
 * ({@link FairRoom}); both are counted.
 *
 * @param seconds of history
 * @param waitsPerSecond single waits with stacks kept for each second, the longest of each lock
 * @param activitiesPerSecond sleeps, I/O and samples kept for each second, the longest of each thread
 * @param rowsPerSnapshot waiting threads kept for each snapshot
 * @param stacks distinct stacks kept
 * @param locks distinct locks, queues and pools kept
 */
public record Limits(
        int seconds, int waitsPerSecond, int activitiesPerSecond, int rowsPerSnapshot, int stacks, int locks) {
    /** 15 minutes of 1,000 threads in about 120 MB at worst; measured by {@code SessionBoundTest}. */
    public static final Limits DEFAULT = new Limits(900, 200, 300, 1_000, 20_000, 10_000);
}
