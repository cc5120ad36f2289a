// SPDX-License-Identifier: Apache-2.0
/** A thread's end: who starts threads ends them. */
@NullMarked
package io.lockjam.demo.threadleak;

import org.jspecify.annotations.NullMarked;
