// SPDX-License-Identifier: Apache-2.0
/** Pools: what happens when they are full. */
@NullMarked
package io.lockjam.demo.rejectedtasks;

import org.jspecify.annotations.NullMarked;
