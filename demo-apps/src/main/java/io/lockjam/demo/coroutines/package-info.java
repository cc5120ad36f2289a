// SPDX-License-Identifier: Apache-2.0
/** Coroutines: many that share one thread by giving way. */
@NullMarked
package io.lockjam.demo.coroutines;

import org.jspecify.annotations.NullMarked;
