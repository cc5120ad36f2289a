// SPDX-License-Identifier: Apache-2.0
/** Which classes of the target get probes, when, and for how long. */
@NullMarked
package io.lockjam.race;

import org.jspecify.annotations.NullMarked;
