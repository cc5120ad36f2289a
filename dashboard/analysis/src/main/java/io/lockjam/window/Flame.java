// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.List;

/**
 * A flame graph: stacks merged from their outermost frame on.
 *
 * @param total thread nanoseconds in all stacks
 * @param samples waits or samples it was made from
 */
public record Flame(Mode mode, Node root, long total, long samples) {
    /** What the widths mean. */
    public enum Mode {
        /** Thread time held up, by the waiter's stack. */
        WAIT,
        /** Time on a core, by samples. */
        CPU,
        /** Both, side by side. */
        BOTH
    }

    /**
     * One frame under its callers.
     *
     * @param kind for the colour: code, lock, queue, io, sleep or idle; that of the leaf's wait on leaves, code elsewhere
     * @param nanos of this frame and all it called
     */
    public record Node(String frame, String kind, long nanos, List<Node> children) {}
}
