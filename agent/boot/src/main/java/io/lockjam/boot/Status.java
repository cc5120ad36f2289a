// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/**
 * What the hooks did and lost since the last status; the fields of {@code io.lockjam.event.AgentStatusEvent}.
 *
 * @param hookNanos estimated time in hooks on application threads
 * @param dropped waits that found no room in the table
 * @param faults since the attach
 */
public record Status(long waitsSeen, long waitsSampled, long dropped, long faults, long hookNanos) {}
