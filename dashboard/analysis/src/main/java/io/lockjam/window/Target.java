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
        boolean known = pid >= 0 && !mainClass.isEmpty();
        return known ? new Target(pid, mainClass, jdk, least(agent.processors()), startedAt) : of(agent, startedAt);
    }

    /** The same with what the JDK tells where it was not known. */
    Target known(Fact.JvmSeen jvm) {
        return new Target(
                pid >= 0 ? pid : jvm.pid(),
                mainClass.isEmpty() ? jvm.mainClass() : mainClass,
                jdk.isEmpty() ? jvm.jdk() : jdk,
                least(jvm.processors()),
                startedAt == null && jvm.startedMillis() > 0 ? Instant.ofEpochMilli(jvm.startedMillis()) : startedAt);
    }

    /** What a container or an affinity grants is less than what the machine has. */
    private int least(int told) {
        return cpus == 0 || (told > 0 && told < cpus) ? told : cpus;
    }
}
