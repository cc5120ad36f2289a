// SPDX-License-Identifier: Apache-2.0
/** Pools: the common pool belongs to all. */
@NullMarked
package io.lockjam.demo.commonpoolblocked;

import org.jspecify.annotations.NullMarked;
