// SPDX-License-Identifier: Apache-2.0
/** Event loops against threads: who holds a connection that is silent. */
@NullMarked
package io.lockjam.demo.eventloopvsthreads;

import org.jspecify.annotations.NullMarked;
