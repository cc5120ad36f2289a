// SPDX-License-Identifier: Apache-2.0
/** A convoy: threads queue at one lock again and again. */
@NullMarked
package io.lockjam.demo.lockconvoy;

import org.jspecify.annotations.NullMarked;
