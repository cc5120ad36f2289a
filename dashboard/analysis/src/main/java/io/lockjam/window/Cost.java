// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

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
        int ownThreads) {}
