// SPDX-License-Identifier: Apache-2.0
/** The connection between the agent and the dashboard, as both sides see it. */
@NullMarked
package io.lockjam.control;

import org.jspecify.annotations.NullMarked;
