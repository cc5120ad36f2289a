// SPDX-License-Identifier: Apache-2.0
/** Measures what Lockjam costs; the figures are in {@code docs/overhead.md}. */
@NullMarked
package io.lockjam.bench;

import org.jspecify.annotations.NullMarked;
