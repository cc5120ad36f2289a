// SPDX-License-Identifier: Apache-2.0
/** Tests of the ground-truth programs. */
@NullMarked
package io.lockjam.demo.truth;

import org.jspecify.annotations.NullMarked;
