// SPDX-License-Identifier: Apache-2.0
/** Pools: tasks that wait for tasks. */
@NullMarked
package io.lockjam.demo.poolstarvation;

import org.jspecify.annotations.NullMarked;
