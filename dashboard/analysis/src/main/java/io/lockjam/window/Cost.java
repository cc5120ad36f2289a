// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import org.jspecify.annotations.Nullable;

/**
 * What watching costs the target and what was lost.
 *
 * @param agentCpuShare cores the agent's own threads and hooks used, 0 to 1 of one core
 * @param eventsPerSecond facts received
 * @param droppedEvents in the target or on the way
 * @param droppedHere waits that this session folded away to stay within its bound
 * @param faults caught at the agent's boundaries since the attach
 */
public record Cost(
        double agentCpuShare,
        double eventsPerSecond,
        long droppedEvents,
        long droppedHere,
        long faults,
        String depth,
        String version,
        int ownThreads) {
    /** False of a recording that was made without an agent of ours: it has no event of it. */
    public boolean isOurs() {
        return !version.isEmpty();
    }

    static Cost of(Memory memory, Range range) {
        long nanos = 0;
        long used = 0;
        long dropped = 0;
        for (Fact.AgentStatus status : memory.few(range, Fact.AgentStatus.class)) {
            nanos += status.interval().toNanos();
            used += status.cpuTime().toNanos() + status.hookTime().toNanos();
            dropped += status.dropped();
        }
        for (Fact.Gap gap : memory.few(range, Fact.Gap.class)) {
            dropped += gap.events();
        }
        long facts = memory.in(range).stream().mapToLong(second -> second.facts).sum();
        long folded = memory.in(range).stream()
                .mapToLong(second -> second.foldedWaits)
                .sum();
        Fact.@Nullable AgentStatus last = memory.status;
        return new Cost(
                nanos == 0 ? 0 : (double) used / nanos,
                facts / Math.max(1e-9, range.seconds()),
                dropped + memory.late,
                folded,
                last == null ? 0 : last.faults(),
                last == null ? "" : last.depth(),
                last == null ? "" : last.version(),
                memory.threads.ownCount());
    }
}
