// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

/**
 * What a finding is about.
 *
 * @param type lock, monitor, queue, pool, field, thread or loop
 * @param identity hexadecimal; {@code "0"} if it has none
 * @param windowId id of the lock, queue or pool window for a link; empty if there is none
 */
public record Subject(String type, String className, String name, String identity, String windowId) {}
