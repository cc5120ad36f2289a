// SPDX-License-Identifier: Apache-2.0
/** Good habits: no input or output under a lock. */
@NullMarked
package io.lockjam.demo.lockacrossio;

import org.jspecify.annotations.NullMarked;
