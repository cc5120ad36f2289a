// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The JVM that is watched, as far as it is known.
 *
 * @param pid -1 if not known
 * @param jdk version of the target's JDK; empty if not known
 * @param cpus cores the JVM may use; 0 if not known
 */
public record Target(
        long pid,
        String mainClass,
        String jdk,
        int cpus,
        @Nullable Instant startedAt) {
    public static final Target UNKNOWN = new Target(-1, "", "", 0, null);

    /** As the agent in it says. */
    static Target of(Fact.AgentStatus agent, @Nullable Instant startedAt) {
        return new Target(agent.pid(), agent.mainClass(), agent.jdk(), agent.processors(), startedAt);
    }

    /** The same, or what the agent says of itself where it was not known. */
    Target known(Fact.AgentStatus agent) {
        return pid >= 0 && !mainClass.isEmpty() ? this : of(agent, startedAt);
    }
}
