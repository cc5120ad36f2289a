// SPDX-License-Identifier: Apache-2.0
/** Queues: every queue has a bound, its own or the memory's. */
@NullMarked
package io.lockjam.demo.unboundedqueue;

import org.jspecify.annotations.NullMarked;
