// SPDX-License-Identifier: Apache-2.0
/** The measurements behind docs/sizing.md: not part of the tests, run by the command that stands there. */
@NullMarked
package io.lockjam.sweep;

import org.jspecify.annotations.NullMarked;
