// SPDX-License-Identifier: Apache-2.0
/** Waiting without sleeping. */
@NullMarked
package io.lockjam.demo.busywait;

import org.jspecify.annotations.NullMarked;
