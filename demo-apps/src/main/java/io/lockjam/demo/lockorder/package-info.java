// SPDX-License-Identifier: Apache-2.0
/** Good habits: one order for all locks. */
@NullMarked
package io.lockjam.demo.lockorder;

import org.jspecify.annotations.NullMarked;
