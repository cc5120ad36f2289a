// SPDX-License-Identifier: Apache-2.0
/** Threads of the operating system are dear: reuse them. */
@NullMarked
package io.lockjam.demo.threadpertask;

import org.jspecify.annotations.NullMarked;
