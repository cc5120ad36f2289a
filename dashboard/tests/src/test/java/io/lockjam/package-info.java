// SPDX-License-Identifier: Apache-2.0
/** Tests of Lockjam as a whole. */
@NullMarked
package io.lockjam;

import org.jspecify.annotations.NullMarked;
