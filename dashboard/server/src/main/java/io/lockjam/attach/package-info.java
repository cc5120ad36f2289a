// SPDX-License-Identifier: Apache-2.0
/** Finds JVMs, loads the agent into them and talks to it. */
@NullMarked
package io.lockjam.attach;

import org.jspecify.annotations.NullMarked;
