// SPDX-License-Identifier: Apache-2.0
/** A deadlock of virtual threads. */
@NullMarked
package io.lockjam.demo.deadlockvirtual;

import org.jspecify.annotations.NullMarked;
