// SPDX-License-Identifier: Apache-2.0
/** A deadlock of monitors. */
@NullMarked
package io.lockjam.demo.deadlock;

import org.jspecify.annotations.NullMarked;
