// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** What the frames of a thread that does not run say about it. */
enum Verdict {
    /** No stack taken yet. */
    UNKNOWN,
    /** Waits for work: a pool's worker, a consumer at an empty queue, an event loop, a housekeeper of the JVM. */
    IDLE,
    /** Held up in the middle of something. */
    HELD,
    SLEEP,
    /** In a call of the operating system that reads, writes or connects. */
    IO,
    /** Native code that is none of these, perhaps computing. */
    NATIVE
}
