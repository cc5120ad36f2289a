// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/**
 * A thread that holds one lock asks for another: an edge of the lock order, told once for a pair of places and locks.
 *
 * @param heldAt where the held lock was taken, {@code class.method(file:line)}
 * @param gates identity hashes of all locks held, separated by blanks
 * @param stack its innermost frames are ours
 */
public record Nesting(
        Thread thread,
        String heldClassName,
        int heldId,
        String heldAt,
        String wantedClassName,
        int wantedId,
        String gates,
        boolean tried,
        Throwable stack) {}
