// SPDX-License-Identifier: Apache-2.0
/**
 * The connection between the agent and the dashboard, as both sides see it: needs {@code java.base} only.
 *
 * <p>The agent dials a Unix-domain socket; {@link io.lockjam.control.Verb} is the closed list of what either side may
 * say, with the payload of each.
 */
@NullMarked
package io.lockjam.control;

import org.jspecify.annotations.NullMarked;
