// SPDX-License-Identifier: Apache-2.0
/** Context switches: each hand-over costs one. */
@NullMarked
package io.lockjam.demo.contextswitchstorm;

import org.jspecify.annotations.NullMarked;
