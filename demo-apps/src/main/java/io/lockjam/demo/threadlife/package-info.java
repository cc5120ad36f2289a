// SPDX-License-Identifier: Apache-2.0
/** A thread's life: start, run, join. */
@NullMarked
package io.lockjam.demo.threadlife;

import org.jspecify.annotations.NullMarked;
