// SPDX-License-Identifier: Apache-2.0
/** Good habits: a flag between threads is volatile. */
@NullMarked
package io.lockjam.demo.stopflag;

import org.jspecify.annotations.NullMarked;
