// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.Optional;

/** The settings that can be turned while the agent is in, by {@link Verb#SWITCH}. */
public enum Switch {
    /** true or false: whether the hooks measure. */
    ENABLED("enabled"),
    /** light or deep. */
    DEPTH("depth"),
    /** Sampled lock waits a second, 0 to 100,000. */
    LIMITER("limiter"),
    /** Stacks of other threads a second, 0 to 1,000. */
    STACKS("stacks"),
    /** true or false: whether snapshots are taken; true also has names and stacks told again, for a reader that was not there. */
    SNAPSHOTS("snapshots"),
    /** true or false: whether facts go over this connection instead of into the recording. */
    MEMORY_ONLY("memory-only"),
    /** true or false: whether the agent stays in, silent, when the connection ends. */
    KEEP("keep");

    private final String id;

    Switch(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }

    /** Empty if there is no such setting. */
    public static Optional<Switch> of(String id) {
        for (Switch each : values()) {
            if (each.id.equals(id)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
