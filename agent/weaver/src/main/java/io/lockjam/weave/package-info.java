// SPDX-License-Identifier: Apache-2.0
/** Class bytes in, instrumented class bytes out: one class per instrumented JDK type. */
@NullMarked
package io.lockjam.weave;

import org.jspecify.annotations.NullMarked;
