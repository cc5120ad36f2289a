// SPDX-License-Identifier: Apache-2.0
/** What the JVM calls to load the agent, and what takes it out again. */
@NullMarked
package io.lockjam.agent;

import org.jspecify.annotations.NullMarked;
